/** A piece of a message: words, or an address that can be opened. */
export type Piece = string | { readonly href: string; readonly text: string };

// Neither spaces and quotes nor the characters that turn the reading direction: those can disguise an address.
const ADDRESS = /https?:\/\/[^\s<>"\u200e\u200f\u202a-\u202e\u2066-\u2069]+/giu;
/** More of them in one text are no help to anybody, and each is an element. */
const MAX_LINKS = 20;
const TRAILING = ".,;:!?'»”’…]}";

/** Finds web addresses in a text. Nothing else becomes a link; the result is never HTML. */
export function linkify(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  let links = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = trim(match[0]);
    const href = parse(address);
    if (!href) continue;
    if (++links > MAX_LINKS) break;
    if (match.index > end) pieces.push(text.slice(end, match.index));
    pieces.push({ href, text: address });
    end = match.index + address.length;
  }
  if (end < text.length) pieces.push(text.slice(end));
  return pieces;
}

/** Punctuation after an address belongs to the sentence; a closing bracket only if the address opens none. */
function trim(match: string): string {
  const opens = match.includes('(');
  let end = match.length;
  while (TRAILING.includes(match.charAt(end - 1)) || (!opens && match.charAt(end - 1) === ')'))
    end -= 1;
  return match.slice(0, end);
}

function parse(address: string): string {
  try {
    const url = new URL(address);
    return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : '';
  } catch {
    return '';
  }
}
