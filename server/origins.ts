/**
 * Whether pages of this origin may use the server.
 * @param allowed Origins such as `https://example.com`, or `https://*.example.com` for all names below that one; undefined
 *   when every page may.
 * @param origin The header of that name, which browsers always send with a WebSocket.
 */
export function isAllowedOrigin(
  origin: string | undefined,
  allowed: readonly string[] | undefined,
): boolean {
  if (!allowed) return true;
  if (origin === undefined) return false;
  return allowed.some((entry) => {
    const [before = '', after] = entry.split('*');
    if (after === undefined) return origin === entry;
    const name = origin.slice(before.length, -after.length);
    return (
      origin.startsWith(before) &&
      origin.endsWith(after) &&
      origin.length > before.length + after.length &&
      /^[a-z0-9.-]+$/.test(name)
    );
  });
}

/** An entry of the list as it is compared: lower case, without the default port; undefined when it is no origin. */
export function parseOrigin(text: string): string | undefined {
  const star = /^(https?:\/\/)\*\.(?=[^*]+\.)/i.exec(text);
  const plain = star ? text.replace('*.', '') : text;
  if (!/^https?:\/\/[^/?#@*\s]+\/?$/i.test(plain) || !URL.canParse(plain)) return undefined;
  const { origin, protocol } = new URL(plain);
  return star ? origin.replace(`${protocol}//`, `${protocol}//*.`) : origin;
}
