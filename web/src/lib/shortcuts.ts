import type { Command } from './commands';

/** Keys as they are stored: `Mod` (Ctrl, or Command on a Mac), `Alt` and `Shift` in this order, then the key. */
export type Chord = string;

export interface Shortcuts {
  /** Whether keys do anything at all; a person whose speech or switch device sends stray keys turns them off. */
  on: boolean;
  keys: Partial<Record<Command, Chord>>;
}

/** None of these is a browser's own key that a page should leave alone. */
export const DEFAULTS: Readonly<Partial<Record<Command, Chord>>> = {
  palette: 'Mod+K',
  shortcuts: '?',
  search: '/',
  'new-chat': 'Mod+Shift+O',
  write: 'Shift+Escape',
  newest: 'Alt+End',
  stop: 'Mod+.',
  regenerate: 'Alt+R',
  'copy-answer': 'Alt+C',
};

const MODIFIERS = new Set(['Control', 'Shift', 'Alt', 'Meta', 'AltGraph', 'Dead', 'Process', 'Unidentified']);

/** The keys of an event; undefined while only modifiers are held. */
export function chordOf(event: Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): Chord | undefined {
  if (MODIFIERS.has(event.key)) return undefined;
  const held = event.ctrlKey || event.metaKey;
  // With Alt or Ctrl the key cap counts, since a Mac writes other signs with Alt; alone, the sign that is written.
  const cap = held || event.altKey ? /^(?:Key|Digit)(.)$/.exec(event.code)?.[1] : undefined;
  const key = cap ?? (event.key === ' ' ? 'Space' : event.key.length === 1 ? event.key.toUpperCase() : event.key);
  // A sign that needs Shift says so itself, and on other keyboards needs none.
  const shift = event.shiftKey && (cap !== undefined || event.key.length > 1 || event.key.toUpperCase() !== event.key.toLowerCase());
  return [held && 'Mod', event.altKey && 'Alt', shift && 'Shift', key].filter((part) => part !== false).join('+');
}

/** Whether a person who writes a text could mean the sign and not the command. */
export function isPlain(chord: Chord): boolean {
  return !/^(?:Mod|Alt)\+/.test(chord) && chord.replace('Shift+', '').length === 1;
}

export function parseShortcuts(stored: string | undefined): Shortcuts {
  try {
    const { on, keys } = JSON.parse(stored ?? '{}') as Partial<Shortcuts>;
    return { on: on !== false, keys: { ...DEFAULTS, ...keys } };
  } catch {
    return { on: true, keys: { ...DEFAULTS } };
  }
}

/** The command of these keys; undefined: none. */
export function commandOf(shortcuts: Shortcuts, chord: Chord): Command | undefined {
  return (Object.keys(shortcuts.keys) as Command[]).find((command) => shortcuts.keys[command] === chord);
}

/** Keys in a person's words. */
export function chordText(chord: Chord, mac = navigator.userAgent.includes('Mac OS')): string[] {
  const names: Record<string, string> = mac ? { Mod: '⌘', Alt: '⌥', Shift: '⇧' } : { Mod: 'Ctrl' };
  const parts = chord === '+' ? ['+'] : chord.split(/\+(?!$)/);
  return parts.map((part) => names[part] ?? part);
}
