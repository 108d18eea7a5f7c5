import { useRouter } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useEffect, useState } from 'react';
import { runCommand, useCommand } from '../../lib/commands';
import { chordOf, commandOf, isPlain, parseShortcuts } from '../../lib/shortcuts';
import { recallMine } from '../../lib/storage';

const Palette = lazy(() => import('./palette'));
const ShortcutsDialog = lazy(() => import('./shortcuts-dialog'));

export const SHORTCUTS = 'shortcuts';

/** Listens to shortcuts on every page, and opens the palette and the list of shortcuts. Shows nothing else. */
export function ShortcutKeys() {
  const [open, setOpen] = useState<'palette' | 'shortcuts'>();
  const router = useRouter();
  useCommand('palette', useCallback(() => setOpen('palette'), []));
  useCommand('shortcuts', useCallback(() => setOpen('shortcuts'), []));
  useCommand('new-chat', useCallback(() => void router.navigate({ to: '/' }), [router]));
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (event.defaultPrevented || event.isComposing || event.repeat) return;
      const shortcuts = parseShortcuts(recallMine(SHORTCUTS));
      const chord = chordOf(event);
      if (!shortcuts.on || chord === undefined || (isPlain(chord) && isWriting(event.target))) return;
      const command = commandOf(shortcuts, chord);
      // A dialog has its own keys; only the palette may take another's place.
      if (command === undefined || (command !== 'palette' && document.querySelector('[role$=dialog]') !== null)) return;
      if (runCommand(command)) event.preventDefault();
    }
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  const close = useCallback(() => setOpen(undefined), []);
  return (
    <Suspense>
      {open === 'palette' && <Palette onClose={close} />}
      {open === 'shortcuts' && <ShortcutsDialog onClose={close} />}
    </Suspense>
  );
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input:not([type=checkbox],[type=radio]), textarea, select'));
}
