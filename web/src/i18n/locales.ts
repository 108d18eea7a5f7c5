import { i18n } from '@lingui/core';
import { recall, remember } from '../lib/storage';

/** Languages by their own names. */
export const LANGUAGES = { en: 'English', de: 'Deutsch', fr: 'Français', es: 'Español' } as const;

export type Language = keyof typeof LANGUAGES;

const loaders: Record<Language, () => Promise<{ messages: Record<string, unknown> }>> = {
  en: () => import('../locales/en.po') as Promise<{ messages: Record<string, unknown> }>,
  de: () => import('../locales/de.po') as Promise<{ messages: Record<string, unknown> }>,
  fr: () => import('../locales/fr.po') as Promise<{ messages: Record<string, unknown> }>,
  es: () => import('../locales/es.po') as Promise<{ messages: Record<string, unknown> }>,
};

export function isLanguage(code: string | undefined): code is Language {
  return code !== undefined && code in LANGUAGES;
}

/** The chosen language, else the browser's first one that there is, else English. */
export function preferredLanguage(): Language {
  const chosen = recall('language');
  if (isLanguage(chosen)) return chosen;
  return navigator.languages.map((tag) => tag.slice(0, 2)).find(isLanguage) ?? 'en';
}

/** Times and numbers follow the browser's region where it fits the language. */
export function regionalLocale(language: Language): string {
  return navigator.languages.find((tag) => tag.slice(0, 2) === language) ?? language;
}

export async function activate(language: Language): Promise<void> {
  const { messages } = await loaders[language]();
  i18n.loadAndActivate({ locale: language, locales: [regionalLocale(language), language], messages: messages as never });
  document.documentElement.lang = language;
}

export async function chooseLanguage(language: Language): Promise<void> {
  remember('language', language);
  await activate(language);
}
