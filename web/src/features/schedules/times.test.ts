import { describe, expect, it } from 'vitest';
import { cronOf } from './times';

describe('cronOf', () => {
  it('writes each rhythm as a rule', () => {
    expect(cronOf('daily', '08:05', '1', '1')).toBe('5 8 * * *');
    expect(cronOf('workdays', '00:00', '1', '1')).toBe('0 0 * * 1-5');
    expect(cronOf('weekly', '17:30', '0', '1')).toBe('30 17 * * 0');
    expect(cronOf('monthly', '09:00', '1', '31')).toBe('0 9 31 * *');
  });

  it('waits for a whole time', () => {
    expect(cronOf('daily', '', '1', '1')).toBe('');
  });
});
