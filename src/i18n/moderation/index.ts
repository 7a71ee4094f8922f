import { en } from './en.ts';
import type { ModerationStrings } from './words.ts';

export { en };

const languages: Readonly<Record<string, () => Promise<ModerationStrings>>> = {
  de: async () => (await import('./de.ts')).de,
  es: async () => (await import('./es.ts')).es,
  fr: async () => (await import('./fr.ts')).fr,
};

/** The words in the language of `Strings.lang`; English when they cannot be loaded. */
export async function loadModeration(lang: string): Promise<ModerationStrings> {
  try {
    return (await languages[lang]?.()) ?? en;
  } catch {
    return en;
  }
}
