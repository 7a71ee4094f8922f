import { readFile } from 'node:fs/promises';
import { Refused } from './config-values.ts';

/** A secret itself, or where it is. */
export type SecretSource =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'file'; readonly file: string };

/**
 * @param flag The one that named the file.
 * @param check What the setting itself has to pass.
 * @throws Error whose message names the flag and the file, and nothing of what is in it.
 */
export async function loadSecret(
  flag: string,
  secret: SecretSource,
  check: (text: string) => string | Refused,
): Promise<string> {
  if (secret.kind === 'text') return secret.text;
  const setting = `${flag} is "${secret.file}"`;
  let text: string;
  try {
    text = await readFile(secret.file, 'utf8');
  } catch (cause) {
    const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
    throw new Error(`${setting}, which cannot be read (${code})`, { cause });
  }
  const value = check(text.trim());
  if (value instanceof Refused) throw new Error(`${setting}, whose text ${value.why}`);
  return value;
}
