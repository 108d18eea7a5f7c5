import { Trans, useLingui } from '@lingui/react/macro';
import { wording } from '../lib/wording';
import { OfflineError, ProblemError, SignedOutError } from '../api/problem';
import { useFieldNames } from './field-names';
import { useProblemTitles } from './problem-titles';
import { useServerWords } from './server-words';

/** What happened, whether anything is lost, what to do now; with a button where asking again may help. */
export function Trouble({ error, again }: { error: unknown; again?: () => void }) {
  const { t } = useLingui();
  const say = useServerWords();
  const title = useProblemTitles();
  const named = useFieldNames();
  if (error instanceof SignedOutError) return null;
  const problem = error instanceof ProblemError ? error.problem : undefined;
  return (
    <div className="notice bad" role="alert">
      <strong>
        {error instanceof OfflineError ? t`The server can't be reached.` : problem !== undefined ? title(problem) : t`This page met an error of its own.`}
      </strong>
      <span>
        {error instanceof OfflineError ? t`What you wrote is kept here. It goes on by itself when the connection is back.` : problem !== undefined ? say(wording(problem.detail, problem.words)) : t`Nothing that you wrote is lost. If it comes again, load the page anew.`}
      </span>
      {problem?.errors?.map((fault) => {
        const field = named(fault.field) ?? <code>{fault.field}</code>;
        const message = say(wording(fault.message, fault.words));
        return (
          <span key={fault.field + fault.rule}>
            <Trans>
              {field}: {message}
            </Trans>
          </span>
        );
      })}
      <div className="row small quiet">
        {problem !== undefined && problem.status >= 500 && (
          <span>
            <Trans>Incident</Trans> <code>{problem.request_id}</code>
          </span>
        )}
        {again !== undefined && (
          <button type="button" className="button small" onClick={again}>
            <Trans>Try again</Trans>
          </button>
        )}
      </div>
    </div>
  );
}
