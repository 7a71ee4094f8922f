import { isArrayOf, isRecord, isText } from './guards.ts';
import { ICE_URL, isTurn, type IceServer } from './ice.ts';
import { LIMITS } from './limits.ts';

export interface ParsedIceServers {
  readonly servers: readonly IceServer[];
  /** One sentence for each entry that was skipped; it names the entry (without credentials) and what is wrong with it. */
  readonly problems: readonly string[];
}

// The short form puts the credentials where every other URL has them; RFC 7065 itself has no place for them.
const shortPattern =
  /^(?<scheme>turns?):(?<username>[^:@\s]+):(?<credential>\S+)@(?<rest>[^@\s]+)$/;

function urlProblem(url: string): string | undefined {
  if (url.length > LIMITS.iceText) return `is longer than ${String(LIMITS.iceText)} characters`;
  const groups = ICE_URL.exec(url)?.groups;
  if (!groups) return 'is not a stun:, stuns:, turn: or turns: URL such as stun:host:3478';
  const port = groups['port'];
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535))
    return `has port ${port}; ports go from 1 to 65535`;
  if (groups['query'] !== undefined && groups['scheme']?.startsWith('stun') === true)
    return 'has a transport, which only turn: and turns: URLs may have';
  return undefined;
}

/** Percent-decoding, because a generated password may hold `@` or `:`; text that is not encoded stays as it is. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function fromShort(entry: string): IceServer | string {
  const short = shortPattern.exec(entry)?.groups;
  const url = short ? `${short['scheme'] ?? ''}:${short['rest'] ?? ''}` : entry;
  const problem = urlProblem(url);
  if (problem !== undefined) return `${quote(url)} ${problem}`;
  if (!short) {
    return isTurn(url)
      ? `${quote(url)} needs a user and a password, as in turn:user:password@host:3478`
      : { urls: [url] };
  }
  return {
    urls: [url],
    username: decode(short['username'] ?? ''),
    credential: decode(short['credential'] ?? ''),
  };
}

function fromObject(entry: unknown, position: number): IceServer | string {
  const at = `entry ${String(position)}`;
  if (!isRecord(entry)) return `${at} is not an object with "urls"`;
  const urls = typeof entry['urls'] === 'string' ? [entry['urls']] : entry['urls'];
  const isUrl = (url: unknown): url is string => typeof url === 'string';
  if (!isArrayOf(urls, LIMITS.iceServers, isUrl) || urls.length === 0)
    return `${at} has no "urls" (a URL or a list of URLs)`;
  for (const url of urls) {
    const problem = urlProblem(url);
    if (problem !== undefined) return `${at}: ${quote(url)} ${problem}`;
  }
  const { username, credential } = entry;
  if (urls.some(isTurn) || username !== undefined || credential !== undefined) {
    if (!isText(username, LIMITS.iceText, 1) || !isText(credential, LIMITS.iceText, 1))
      return `${at}: ${quote(urls[0] ?? '')} needs "username" and "credential"`;
    return { urls, username, credential };
  }
  return { urls };
}

/** Names an entry without what may be a credential: everything up to the last `@`. */
function quote(text: string): string {
  const shown = text.replace(/^(\w+:)?.*@/, '$1');
  return `"${shown.length > 80 ? `${shown.slice(0, 79)}…` : shown}"`;
}

/**
 * Reads STUN and TURN servers from either form of the `ice-servers` attribute and of the server's `--ice-servers`: a JSON
 * array of RTCIceServer, or URLs divided by white space or commas, with TURN credentials as in
 * `turn:user:password@host:3478?transport=tcp` (percent-encoded where they hold `:`, `@`, a comma or a space).
 * Never throws: an entry that is wrong is skipped and named in `problems`.
 */
export function parseIceServers(text: string): ParsedIceServers {
  const trimmed = text.trim();
  const servers: IceServer[] = [];
  const problems: string[] = [];
  const add = (result: IceServer | string): void => {
    if (typeof result === 'string') problems.push(result);
    else if (servers.length < LIMITS.iceServers) servers.push(result);
    else
      problems.push(
        `${quote(result.urls[0] ?? '')} is beyond the ${String(LIMITS.iceServers)} that are used`,
      );
  };
  if (trimmed.startsWith('[') || trimmed.startsWith('{')) {
    let parsed: unknown;
    try {
      parsed = JSON.parse(trimmed);
    } catch {
      // What the error says repeats the text around the mistake, where a password may stand.
      return { servers, problems: ['not valid JSON'] };
    }
    (Array.isArray(parsed) ? (parsed as unknown[]) : [parsed]).forEach((entry, index) => {
      add(fromObject(entry, index + 1));
    });
  } else {
    for (const entry of trimmed.split(/[\s,]+/)) if (entry !== '') add(fromShort(entry));
  }
  return { servers, problems };
}
