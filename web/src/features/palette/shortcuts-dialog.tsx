import { Dialog } from '@base-ui/react/dialog';
import { Trans, useLingui } from '@lingui/react/macro';
import { type KeyboardEvent, useState } from 'react';
import { Icon } from '../../components/icon';
import type { Command } from '../../lib/commands';
import { chordOf, commandOf, DEFAULTS, parseShortcuts, type Shortcuts } from '../../lib/shortcuts';
import { rememberMine, useMine } from '../../lib/storage';
import { Keys } from './keys';
import { NAMES } from './names';
import './palette.css';

/** Every shortcut, to be read, changed, taken away, or switched off all together (WCAG 2.1.4). */
export default function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const { t } = useLingui();
  return (
    <Dialog.Root defaultOpen onOpenChangeComplete={(open) => open || onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog">
          <div className="spread">
            <Dialog.Title render={<h2 />}>
              <Trans>Keyboard shortcuts</Trans>
            </Dialog.Title>
            <Dialog.Close className="button plain icon small" aria-label={t`Close`}>
              <Icon name="close" />
            </Dialog.Close>
          </div>
          <ShortcutList />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function ShortcutList() {
  const { t, i18n } = useLingui();
  const shortcuts = parseShortcuts(useMine('shortcuts'));
  const [changing, setChanging] = useState<Command>();
  const [taken, setTaken] = useState<Command>();
  function save(change: Partial<Shortcuts>) {
    rememberMine('shortcuts', JSON.stringify({ ...shortcuts, ...change }));
  }
  function bind(command: Command, chord: string) {
    save({ keys: { ...shortcuts.keys, [command]: chord } });
  }
  function onKey(command: Command, event: KeyboardEvent) {
    if (event.key === 'Tab') return;
    event.preventDefault();
    event.stopPropagation();
    const chord = chordOf(event.nativeEvent);
    if (chord === undefined) return;
    if (chord !== 'Escape') {
      const other = commandOf(shortcuts, chord);
      setTaken(other === command ? undefined : other);
      if (other !== undefined && other !== command) return;
      bind(command, chord);
    }
    setChanging(undefined);
  }
  const takenBy = taken === undefined ? undefined : NAMES[taken]?.name;
  return (
    <>
      <label className="row">
        <input type="checkbox" checked={shortcuts.on} onChange={(e) => save({ on: e.target.checked })} />
        <Trans>Use keyboard shortcuts</Trans>
      </label>
      <p role="status" className={takenBy === undefined ? undefined : 'notice warn small'}>
        {takenBy !== undefined && t`These keys are taken: ${i18n._(takenBy)}`}
      </p>
      <ul className="shortcut-list">
        {Object.entries(NAMES).map(([name, known]) => {
          const command = name as Command;
          const chord = shortcuts.keys[command] ?? '';
          const label = i18n._(known.name);
          return (
            <li key={command}>
              <span>{label}</span>
              {chord === '' ? (
                <span className="small quiet">
                  <Trans>none</Trans>
                </span>
              ) : (
                <Keys chord={chord} />
              )}
              <span className="row">
                {changing === command ? (
                  <button type="button" className="button small primary" autoFocus onKeyDown={(e) => onKey(command, e)} onBlur={() => setChanging(undefined)}>
                    <Trans>Press the keys</Trans>
                  </button>
                ) : (
                  <button type="button" className="button small" aria-label={t`Change the keys of "${label}"`} disabled={!shortcuts.on} onClick={() => setChanging(command)}>
                    <Trans>Change</Trans>
                  </button>
                )}
                <button type="button" className="button plain icon small" aria-label={t`Take the keys away from "${label}"`} disabled={chord === '' || !shortcuts.on} onClick={() => bind(command, '')}>
                  <Icon name="close" size={16} />
                </button>
              </span>
            </li>
          );
        })}
      </ul>
      <div>
        <button type="button" className="button small" onClick={() => save({ on: true, keys: { ...DEFAULTS } })}>
          <Trans>As they were at first</Trans>
        </button>
      </div>
    </>
  );
}
