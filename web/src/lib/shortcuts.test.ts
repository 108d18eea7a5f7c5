import { describe, expect, it } from 'vitest';
import { chordOf, chordText, commandOf, DEFAULTS, isPlain, parseShortcuts } from './shortcuts';

function keys(key: string, code: string, held: Partial<{ ctrlKey: boolean; metaKey: boolean; altKey: boolean; shiftKey: boolean }> = {}) {
  return chordOf({ key, code, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held });
}

describe('chordOf', () => {
  it('reads the same chord from Ctrl and from Command', () => {
    expect(keys('k', 'KeyK', { ctrlKey: true })).toBe('Mod+K');
    expect(keys('k', 'KeyK', { metaKey: true })).toBe('Mod+K');
  });

  it('goes by the key cap where Alt changes the sign', () => {
    expect(keys('®', 'KeyR', { altKey: true })).toBe('Alt+R');
  });

  it('takes a sign as it is written, with Shift or without', () => {
    expect(keys('?', 'Slash', { shiftKey: true })).toBe('?');
    expect(keys('?', 'Minus')).toBe('?');
    expect(keys('O', 'KeyO', { ctrlKey: true, shiftKey: true })).toBe('Mod+Shift+O');
    expect(keys('Escape', 'Escape', { shiftKey: true })).toBe('Shift+Escape');
  });

  it('waits while only modifiers are held', () => {
    expect(keys('Control', 'ControlLeft', { ctrlKey: true })).toBeUndefined();
  });
});

describe('shortcuts', () => {
  it('know which keys are plain signs, that somebody may be writing', () => {
    expect(['?', '/', 'Shift+A'].map(isPlain)).toEqual([true, true, true]);
    expect(['Mod+K', 'Alt+R', 'Shift+Escape', 'Alt+End'].map(isPlain)).toEqual([false, false, false, false]);
  });

  it('are all different by default', () => {
    expect(new Set(Object.values(DEFAULTS)).size).toBe(Object.keys(DEFAULTS).length);
  });

  it('keep what a person chose beside the defaults', () => {
    const own = parseShortcuts('{"on":true,"keys":{"palette":"Alt+P","search":""}}');
    expect(commandOf(own, 'Alt+P')).toBe('palette');
    expect(commandOf(own, 'Mod+K')).toBeUndefined();
    expect(commandOf(own, '/')).toBeUndefined();
    expect(commandOf(own, '?')).toBe('shortcuts');
  });

  it('fall back to the defaults when what is stored is broken', () => {
    expect(parseShortcuts('{').keys).toEqual(DEFAULTS);
  });

  it('are shown by the names on the keys', () => {
    expect(chordText('Mod+Shift+O', false)).toEqual(['Ctrl', 'Shift', 'O']);
    expect(chordText('Mod+K', true)).toEqual(['⌘', 'K']);
    expect(chordText('Mod++', false)).toEqual(['Ctrl', '+']);
  });
});
