import { describe, expect, it } from 'vitest';
import { relativeTime } from './format';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const ago = (seconds: number) => relativeTime(new Date(NOW - seconds * 1000).toISOString(), NOW, 'en-GB');

describe('relativeTime', () => {
  it('says no count that makes one of the next unit', () => {
    expect([3, 14, 54, 56, 60, 61].map(ago)).toEqual(['now', '10 seconds ago', '50 seconds ago', '1 minute ago', '1 minute ago', '1 minute ago']);
    expect([3_540, 3_590, 82_000, 86_000, 29 * 86_400, 29.8 * 86_400, 360 * 86_400].map(ago)).toEqual(['59 minutes ago', '1 hour ago', '23 hours ago', 'yesterday', '29 days ago', 'last month', 'last year']);
  });

  it('looks ahead, too', () => {
    expect([-3_590, -7 * 86_400].map(ago)).toEqual(['in 1 hour', 'in 7 days']);
  });
});
