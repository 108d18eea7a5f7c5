/** One thing that the server says, as a code with names and numbers; the catalogues say it in the reader's language. */
export interface Phrase {
  code: string;
  values: Record<string, string | number>;
}

/** What the server says: in English, and phrase by phrase where it can be said in other languages. */
export interface Wording {
  english: string;
  phrases: Phrase[];
}

/** From what came over the wire; what is older than phrases has none. */
export function wording(english: unknown, phrases: unknown): Wording {
  return { english: typeof english === 'string' ? english : '', phrases: Array.isArray(phrases) ? phrases.filter(isPhrase) : [] };
}

function isPhrase(value: unknown): value is Phrase {
  return typeof value === 'object' && value !== null && typeof (value as Phrase).code === 'string' && typeof (value as Phrase).values === 'object';
}
