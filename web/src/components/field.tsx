import { type ReactNode, useId } from 'react';
import { ProblemError } from '../api/problem';
import type { Fault } from '../api/types';
import { wording } from '../lib/wording';
import { useServerWords } from './server-words';

interface ControlProps {
  id: string;
  'aria-invalid': boolean;
  'aria-describedby': string | undefined;
}

/** A labelled control with its hint and what the server found wrong with it. */
export function Field({ label, hint, fault, children }: { label: string; hint?: string; fault?: string | Fault | undefined; children: (control: ControlProps) => ReactNode }) {
  const id = useId();
  const say = useServerWords();
  const described = [hint === undefined ? '' : `${id}-hint`, fault === undefined ? '' : `${id}-fault`].filter((x) => x !== '').join(' ');
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-invalid': fault !== undefined, 'aria-describedby': described === '' ? undefined : described })}
      {hint !== undefined && (
        <span className="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {fault !== undefined && (
        <span className="fault" id={`${id}-fault`}>
          {typeof fault === 'string' ? fault : say(wording(fault.message, fault.words))}
        </span>
      )}
    </div>
  );
}

/** What the server says about one field of a refused form. */
export function faultOf(error: unknown, field: string): Fault | undefined {
  return error instanceof ProblemError ? error.problem.errors?.find((fault) => fault.field === field) : undefined;
}
