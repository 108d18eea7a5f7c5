import { describe, expect, it } from 'vitest';
import type { Turn } from '../../api/types';
import { groupVersions } from './versions';

function turn(id: string, links: Partial<Pick<Turn, 'regenerates' | 'replaced_by'>> = {}): Turn {
  return { id, regenerates: null, replaced_by: null, ...links } as Turn;
}

const three = [turn('a', { replaced_by: 'b' }), turn('b', { regenerates: 'a', replaced_by: 'c' }), turn('c', { regenerates: 'b' }), turn('d')];

describe('groupVersions', () => {
  it('shows the newest answer of each question', () => {
    expect(groupVersions(three, new Set()).map((v) => [v.turn.id, v.all.map((t) => t.id)])).toEqual([['c', ['a', 'b', 'c']], ['d', ['d']]]);
  });

  it('shows an older one that was chosen', () => {
    expect(groupVersions(three, new Set(['a'])).map((v) => v.turn.id)).toEqual(['a', 'd']);
  });

  it('keeps an answer whose successor is not loaded', () => {
    expect(groupVersions([turn('a', { replaced_by: 'z' })], new Set()).map((v) => v.turn.id)).toEqual(['a']);
  });
});
