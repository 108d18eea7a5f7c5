import { type ReactNode, useEffect } from 'react';

/** A page with a heading, which is also the tab's title. */
export function Page({ title, lead, actions, children }: { title: string; lead?: string; actions?: ReactNode; children: ReactNode }) {
  useTitle(title);
  return (
    <main className="scroll" id="content" tabIndex={0}>
      <div className="page">
        <div className="page-head">
          <div className="stack-small">
            <h1>{title}</h1>
            {lead !== undefined && <p>{lead}</p>}
          </div>
          {actions}
        </div>
        {children}
      </div>
    </main>
  );
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Steward`;
  }, [title]);
}
