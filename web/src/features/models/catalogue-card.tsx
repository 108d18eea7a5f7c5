import { Trans, useLingui } from '@lingui/react/macro';
import type { CatalogueModel } from '../../api/types';
import { Confirm } from '../../components/confirm';
import { InstallProgress } from '../../components/install-progress';
import { useServerWords } from '../../components/server-words';
import { StatusBadge } from '../../components/status-badge';
import { Trouble } from '../../components/trouble';
import { bytes } from '../../lib/format';
import { wording } from '../../lib/wording';
import { useModelWords } from './model-words';
import { useInstallation } from './queries';

/** A model that Steward can bring itself: what it is good for, and its installation. */
export function CatalogueCard({ model }: { model: CatalogueModel }) {
  const { t, i18n } = useLingui();
  const say = useServerWords();
  const good = useModelWords();
  const installation = useInstallation();
  const { progress } = model;
  const installed = model.state === 'installed' || model.state === 'ready' || model.state === 'active';
  return (
    <article className="card stack-small">
      <div className="spread">
        <h3>{model.display_name}</h3>
        <StatusBadge status={model.state} />
      </div>
      <p className="small quiet">
        {bytes(model.bytes, i18n.locale)} · {model.licence} · {good(model).languages}
      </p>
      <p className="small">{good(model).notes}</p>
      <InstallProgress model={model} />
      {model.message !== '' && <p className="small">{say(wording(model.message, model.words))}</p>}
      {installation.isError && <Trouble error={installation.error} />}
      <div className="row">
        {!installed && progress == null && (
          <button type="button" className="button small" disabled={installation.isPending} onClick={() => installation.mutate({ id: model.id, install: true })}>
            <Trans>Install</Trans>
          </button>
        )}
        {(installed || progress != null) && (
          <Confirm
            trigger={<button type="button" className="button small danger">{installed ? <Trans>Remove</Trans> : <Trans>Stop</Trans>}</button>}
            title={t`Remove ${model.display_name}?`}
            detail={t`Its file is deleted from this machine. It can be fetched again.`}
            action={t`Remove`}
            onConfirm={() => installation.mutate({ id: model.id, install: false })}
          />
        )}
      </div>
    </article>
  );
}
