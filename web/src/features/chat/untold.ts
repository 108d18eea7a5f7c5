/**
 * Turns that were asked in this tab and are not drawn yet. The answer may be whole before its page is there, and is announced all the
 * same; one that a person finds when they open a conversation is not.
 */
export const untold = new Set<string>();
