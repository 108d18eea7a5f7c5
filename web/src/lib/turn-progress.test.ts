import { describe, expect, it } from 'vitest';
import { after, awaitsModel, NOTHING_YET } from './turn-progress';

function all(...events: [string, unknown][]) {
  return events.reduce((progress, [kind, data], i) => after(progress, { id: i + 1, kind, data }), NOTHING_YET);
}

describe('a turn in progress', () => {
  it('is the tokens with every reset applied', () => {
    expect(all(['token', { text: 'Hello wor' }], ['reset', { offset: 5 }], ['token', { text: ', you' }]).text).toBe('Hello, you');
  });

  it('forgets why it waited once something is said', () => {
    expect(all(['status', { message: 'loading', read: 1, total: 4 }]).waiting).toEqual({ message: { english: 'loading', phrases: [] }, read: 0.25 });
    expect(all(['status', { message: 'loading', read: 1, total: 0 }]).waiting?.read).toBeUndefined();
    expect(all(['status', { message: 'loading' }], ['token', { text: 'x' }]).waiting).toBeUndefined();
  });

  it('awaits a model until the first word', () => {
    const waits: [string, unknown] = ['recovery', { level: 3, message: 'None.', words: [{ code: 'waiting_for_model', values: {} }] }];
    expect(awaitsModel(all())).toBe(false);
    expect(awaitsModel(all(waits))).toBe(true);
    expect(awaitsModel(all(waits, ['recovery', { level: 2, message: 'Other model.' }]))).toBe(false);
    expect(awaitsModel(all(waits, ['token', { text: 'x' }]))).toBe(false);
  });

  it('keeps who answers and every recovery', () => {
    const progress = all(['agent', { name: 'beta', why: 'facts' }], ['recovery', { level: 2, message: 'Other model.', words: [{ code: 'asked_again', values: {} }, 'junk'] }]);
    expect(progress.taken).toEqual([{ agent: 'beta', why: { english: 'facts', phrases: [] } }]);
    expect(progress.recoveries).toEqual([{ level: 2, message: { english: 'Other model.', phrases: [{ code: 'asked_again', values: {} }] } }]);
  });

  it('tells every agent that took the turn, each once', () => {
    const progress = all(['agent', { name: 'alpha', why: '' }], ['agent', { name: 'alpha', why: 'again' }], ['agent', { name: 'zeta', why: 'code' }]);
    expect(progress.taken).toEqual([{ agent: 'alpha', why: undefined }, { agent: 'zeta', why: { english: 'code', phrases: [] } }]);
  });

  it('counts kinds that it does not know', () => {
    expect(all(['novelty', {}], ['completed', {}])).toMatchObject({ lastEventId: 2, end: 'completed' });
  });

  it('stands broken data', () => {
    expect(all(['token', null], ['reset', { offset: 'x' }]).text).toBe('');
  });
});
