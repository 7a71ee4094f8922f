const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** What this file needs of the platform; protocol/ is compiled without DOM and Node types. */
interface RandomSource {
  getRandomValues(array: Uint8Array): Uint8Array;
}
declare const crypto: RandomSource;

/** One of 32 letters and digits for each byte. */
export const letters = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => alphabet[byte % 32]).join('');

/**
 * An unguessable id of `length` lower-case letters and digits (24: 124 bits). Not `randomUUID()`, which browsers withhold
 * from pages without a secure context.
 */
export function randomId(length = 24): string {
  let id = '';
  while (id.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(length)))
      // 252 is the largest multiple of 36 in a byte: above it the first letters would come more often.
      if (byte < 252 && id.length < length) id += alphabet[byte % 36] ?? '';
  }
  return id;
}
