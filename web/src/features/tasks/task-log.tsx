import { Trans } from '@lingui/react/macro';
import type { LogLine } from '../../api/types';
import { Moment } from '../../components/moment';

/** What the attempts at a task have told about their work, attempt by attempt. */
export function TaskLog({ lines }: { lines: LogLine[] }) {
  const attempts = [...new Set(lines.map((line) => line.attempt))];
  return (
    <div className="task-log card" role="log" aria-live="off" tabIndex={0}>
      {attempts.map((attempt) => (
        <section key={attempt} className="stack-small">
          <h3>
            <Trans>Attempt {attempt}</Trans>
          </h3>
          <ol>
            {lines
              .filter((line) => line.attempt === attempt)
              .map((line, i) => (
                <li key={i}>
                  <span className="quiet small">
                    <Moment at={line.at} />
                  </span>
                  <span className="mono">{line.line}</span>
                </li>
              ))}
          </ol>
        </section>
      ))}
    </div>
  );
}
