import { useLingui } from '@lingui/react/macro';
import type { CatalogueModel } from '../api/types';
import { bytes, duration } from '../lib/format';

/** How far the installation of a model is: a bar, the size, the speed, the time left. */
export function InstallProgress({ model }: { model: CatalogueModel }) {
  const { t, i18n } = useLingui();
  const { progress } = model;
  if (progress == null) return null;
  const left = progress.left_ms == null ? undefined : duration(progress.left_ms, i18n.locale);
  return (
    <div className="install-progress">
      <progress max={100} value={progress.percent} aria-label={t`Installing ${model.display_name}`} />
      <span className="small quiet">
        {bytes(progress.bytes, i18n.locale)} / {bytes(progress.bytes_total, i18n.locale)} · {bytes(progress.bytes_per_second, i18n.locale)}/s
        {left !== undefined && <> · {t`${left} left`}</>}
      </span>
    </div>
  );
}
