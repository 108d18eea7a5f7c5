import { forgetEverything } from './kept';

/** What this browser keeps for one person stands under a name of that person's own. */
const PERSONAL = 'steward.me.';
const WHO = 'steward.who';

/** Enough of an account to show the pages to its person without a network. */
export interface KnownAccount {
  id: string;
}

let current: string | undefined;

/** The account whose data may be read and written now. */
export function accountId(): string | undefined {
  return current;
}

/**
 * Makes this the account of the open page. What the browser keeps of anybody else is removed first, so that two people at
 * one browser never see each other's drafts, unsent messages or conversations.
 *
 * @returns whether the page was somebody else's until now: it must be loaded anew then
 */
export function enterAccount(account: KnownAccount): boolean {
  const changed = current !== undefined && current !== account.id;
  const before = knownAccount()?.id;
  if (changed || (before !== undefined && before !== account.id)) leaveAccount();
  current = account.id;
  try {
    localStorage.setItem(WHO, JSON.stringify(account));
  } catch {
    // Without storage there is nothing to read offline, and nothing else is lost.
  }
  return changed;
}

/** Removes all that this browser keeps of people. */
export function leaveAccount(): void {
  current = undefined;
  try {
    for (const name of Object.keys(localStorage)) if (name.startsWith(PERSONAL) || name === WHO) localStorage.removeItem(name);
  } catch {
    // What can't be read can't be kept either.
  }
  void forgetEverything();
}

/** Who was signed in when this browser last heard from the server. */
export function knownAccount(): KnownAccount | undefined {
  try {
    return (JSON.parse(localStorage.getItem(WHO) ?? 'null') as KnownAccount | null) ?? undefined;
  } catch {
    return undefined;
  }
}

/** The name under which something of the signed-in person is stored. */
export function personal(name: string): string {
  return `${PERSONAL}${current ?? 'nobody'}.${name}`;
}
