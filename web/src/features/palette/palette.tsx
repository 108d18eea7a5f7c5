import { Dialog } from '@base-ui/react/dialog';
import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { Icon } from '../../components/icon';
import { type Choice, useChoices } from './choices';
import { Keys } from './keys';
import './palette.css';

/** Everything that can be reached or done, by typing a part of its name. A combobox with a list (ARIA 1.2). */
export default function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useLingui();
  const [open, setOpen] = useState(true);
  const after = useRef<() => void>(undefined);
  return (
    <Dialog.Root
      open={open}
      onOpenChange={setOpen}
      onOpenChangeComplete={(now) => {
        if (now) return;
        onClose();
        // What was chosen may move the focus, so it goes last.
        after.current?.();
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog palette" aria-label={t`Search and commands`}>
          <Search
            onChoose={(choice) => {
              after.current = choice.run;
              setOpen(false);
            }}
          />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Search({ onChoose }: { onChoose: (choice: Choice) => void }) {
  const { t } = useLingui();
  const id = useId();
  const [words, setWords] = useState('');
  const [at, setAt] = useState(0);
  const { choices, searching } = useChoices(words);
  const active = Math.min(at, choices.length - 1);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [active, words]);
  function onKey(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    const chosen = choices[active];
    if (step !== undefined && choices.length > 0) {
      const next = active + step;
      setAt(Math.abs(step) === 1 ? (next + choices.length) % choices.length : Math.max(0, Math.min(choices.length - 1, next)));
    } else if (event.key === 'Enter' && chosen !== undefined && !event.nativeEvent.isComposing) {
      onChoose(chosen);
    } else {
      return;
    }
    event.preventDefault();
  }
  return (
    <>
      <div className="palette-search">
        <Icon name="search" />
        <input
          className="palette-input"
          role="combobox"
          aria-expanded
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={active < 0 ? undefined : `${id}-${active}`}
          aria-label={t`Search and commands`}
          placeholder={t`A page, a command, or words of a conversation`}
          autoFocus
          spellCheck={false}
          value={words}
          onChange={(e) => {
            setWords(e.target.value);
            setAt(0);
          }}
          onKeyDown={onKey}
        />
      </div>
      <div className="palette-list" id={`${id}-list`} role="listbox" aria-label={t`Search and commands`} aria-busy={searching} ref={list}>
        {groups(choices).map(([group, items]) => (
          <div key={group} role="group" aria-label={group}>
            <div className="nav-group" aria-hidden="true">
              {group}
            </div>
            {items.map(([choice, i]) => (
              <div key={choice.id} id={`${id}-${i}`} role="option" className="palette-option" aria-selected={i === active} onClick={() => onChoose(choice)} onPointerMove={() => setAt(i)}>
                <Icon name={choice.icon} size={16} />
                <span className="palette-name">
                  {choice.name}
                  {choice.detail !== undefined && <span className="small quiet palette-detail">{choice.detail}</span>}
                </span>
                {choice.chord !== undefined && choice.chord !== '' && <Keys chord={choice.chord} />}
              </div>
            ))}
          </div>
        ))}
      </div>
      <p className="small quiet palette-count" role="status">
        {choices.length === 0 ? searching ? <Trans>Searching</Trans> : <Trans>Nothing found.</Trans> : <Plural value={choices.length} one="# entry" other="# entries" />}
      </p>
    </>
  );
}

/** Choices under their groups, each with its place in the whole list. */
function groups(choices: Choice[]): [string, [Choice, number][]][] {
  const byGroup = new Map<string, [Choice, number][]>();
  choices.forEach((choice, i) => byGroup.set(choice.group, [...(byGroup.get(choice.group) ?? []), [choice, i]]));
  return [...byGroup];
}
