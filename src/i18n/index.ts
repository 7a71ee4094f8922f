import { en, type Strings } from './strings.ts';

export { en, type NoticeCode, type Strings } from './strings.ts';

const languages: Readonly<Record<string, () => Promise<Strings>>> = {
  de: async () => (await import('./de.ts')).de,
  es: async () => (await import('./es.ts')).es,
  fr: async () => (await import('./fr.ts')).fr,
};

/**
 * The words of `lang` (`de-AT` finds `de`); English when there are none, or when they cannot be loaded. With those of
 * moderation, if they are wanted.
 */
export async function loadStrings(lang: string, withModeration = false): Promise<Strings> {
  const [name = ''] = lang.toLowerCase().split('-', 1);
  let strings = en;
  try {
    if (Object.hasOwn(languages, name)) strings = (await languages[name]?.()) ?? en;
    if (!withModeration) return strings;
    const { loadModeration } = await import('./moderation/index.ts');
    return { ...strings, moderation: await loadModeration(strings.lang) };
  } catch {
    return strings;
  }
}

/** Puts values into the `{places}` of a text. The result is text: never parse it as HTML. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (place, key: string) => String(values[key] ?? place));
}

/** What happened and what to do, for the code of an error or of a notice. */
export function errorText(strings: Strings, code: string, detail = ''): string {
  const known: Readonly<Record<string, string>> = {
    ...strings.moderation?.codes,
    ...strings.codes,
  };
  const text = Object.hasOwn(known, code) ? known[code] : undefined;
  return fill(text ?? strings.unknown, { detail: detail || strings.guest });
}

/** The name of a person, or the word for somebody without one. */
export function nameOf(strings: Strings, person: { readonly name: string } | undefined): string {
  return person?.name.trim() || strings.guest;
}
