/** Readers of single values of the configuration: text in, the value or the reason against it out. */
import proxyAddr from 'proxy-addr';
import { isIceServer, type IceServer } from '../src/protocol/ice.ts';
import { parseIceServers } from '../src/protocol/parse-ice.ts';

import type { TrustProxy } from './addresses.ts';
import { parseOrigin } from './origins.ts';

/** Why a value cannot be used: the end of a sentence that begins with the name of the setting. */
export class Refused {
  readonly why: string;
  constructor(why: string) {
    this.why = why;
  }
}

const refuse = (text: string, allowed: string): Refused =>
  new Refused(`is "${text}"; allowed: ${allowed}`);

export function integer(text: string, min: number, max: number): number | Refused {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (number >= min && number <= max) return number;
  return refuse(text, `a whole number from ${min} to ${max}`);
}

export function stunPort(text: string): number | undefined | Refused {
  if (text === 'off' || text === '0') return undefined;
  const port = integer(text, 1, 65_535);
  return port instanceof Refused ? refuse(text, 'a port from 1 to 65535, or "off"') : port;
}

export function seconds(text: string, min = 0): number | Refused {
  const number = /^\d{1,3}(\.\d{1,3})?$/.test(text) ? Number(text) : NaN;
  return number >= min && number <= 600
    ? number
    : refuse(text, `seconds from ${String(min)} to 600`);
}

/** A switch: as a flag it has no text, as a variable it does. */
export function isOn(text: string): boolean | Refused {
  if (text === '' || text === 'true' || text === '1') return true;
  return text === 'false' || text === '0' ? false : refuse(text, 'true, 1, false, 0');
}

export function oneOf<T extends string>(text: string, allowed: readonly T[]): T | Refused {
  return allowed.find((word) => word === text) ?? refuse(text, allowed.join(', '));
}

export function host(text: string): string | Refused {
  // RFC 1123 section 2.1, or an address; brackets around IPv6 are for URLs.
  if (/^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/.test(text)) return text;
  const bare = text.replace(/^\[(.*)\]$/, '$1');
  return /^[0-9A-Fa-f:.]{2,45}$/.test(bare) && bare.includes(':')
    ? bare
    : refuse(text, 'a host name or an IP address, without a port');
}

export function prefix(text: string): string | Refused {
  const path = `/${text}/`.replace(/^\/{2}/, '/').replace(/\/+$/, '/');
  // Segments that begin with a letter or digit: no `..`, no hidden files, nothing that needs escaping.
  return /^\/([A-Za-z0-9][A-Za-z0-9._~-]*\/)*$/.test(path)
    ? path
    : refuse(text, 'a path such as /calls/ of letters, digits, dots, dashes and underscores');
}

export function ice(text: string): readonly IceServer[] | Refused {
  const { servers, problems } = parseIceServers(text);
  if (problems.length === 0) return servers;
  // The text as a whole may hold passwords; the problems name what is wrong without them.
  return new Refused(`has a wrong entry: ${problems.join('; ')}`);
}

/** TURN URLs without credentials, divided by white space or commas. */
export function turnUrls(text: string): readonly string[] | Refused {
  const urls = words(text);
  const isTurnUrl = (url: string): boolean =>
    url.startsWith('turn') && isIceServer({ urls: [url], username: 'x', credential: 'x' });
  const wrong = urls.find((url) => !isTurnUrl(url));
  // What is before an `@` is a password that belongs into --ice-servers.
  if (wrong !== undefined)
    return refuse(
      wrong.replace(/^(\w+:)?.*@/, '$1…@'),
      'turn: or turns: URLs without user and password, such as turn:host:3478',
    );
  return urls.length <= MAX_TURN_URLS
    ? urls
    : new Refused(`has ${String(urls.length)} URLs; allowed: ${String(MAX_TURN_URLS)}`);
}

/** More only make callers slow to gather. */
const MAX_TURN_URLS = 8;

/** Others see what is signed with it, so a short one could be found by trying. Its text is never repeated. */
export function secret(text: string): string | Refused {
  return text.length >= 16 && !/[^\x21-\x7e]/.test(text)
    ? text
    : new Refused('is too short or has spaces; allowed: 16 or more characters of ASCII');
}

/** Passwords in it are never repeated. */
export function webhookUrl(text: string): string | Refused {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:';
  if (!url || !isWeb) return new Refused('is no address such as https://example.com/hooks');
  return url.username === '' && url.password === ''
    ? url.href
    : new Refused('has a user or a password in it; allowed: none, since requests are signed');
}

/** RFC 7518 section 3.2: a key for HS256 has at least 256 bits. Its text is never repeated. */
export function accessSecret(text: string): string | Refused {
  return text.length >= 32 && !/[^\x21-\x7e]/.test(text)
    ? text
    : new Refused('is too short or has spaces; allowed: 32 or more characters of ASCII');
}

export function keySetUrl(text: string): string | Refused {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url && /^https?:$/.test(url.protocol) && url.username === '' && url.password === ''
    ? url.href
    : refuse(
        text.replace(/\/\/.*@/, '//…@'),
        'a URL such as https://example.com/.well-known/jwks.json',
      );
}

export function audience(text: string): string | Refused {
  return text.length <= 200 ? text : refuse(`${text.slice(0, 40)}…`, 'up to 200 characters');
}

/** Passwords in it are never repeated. */
export function redisUrl(text: string): string | Refused {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isRedis = url?.protocol === 'redis:' || url?.protocol === 'rediss:';
  return url && isRedis && url.hostname !== '' && /^(\/\d{0,4})?$/.test(url.pathname)
    ? text
    : new Refused('is no address such as redis://user:password@host:6379 or rediss://host');
}

const words = (text: string): string[] => text.split(/[\s,]+/).filter((word) => word !== '');

export function origins(text: string): readonly string[] | Refused {
  const list: string[] = [];
  for (const word of words(text)) {
    const origin = parseOrigin(word);
    if (origin === undefined)
      return refuse(word, 'origins such as https://example.com or https://*.example.com');
    list.push(origin);
  }
  return list;
}

export function trustProxy(text: string): TrustProxy | Refused {
  if (/^\d$/.test(text)) return Number(text);
  const list = words(text);
  const refusal = refuse(text, 'a number from 0 to 9, or addresses such as 10.0.0.0/8 or loopback');
  // "10" would be the address 0.0.0.10.
  if (list.some((word) => /^\d+$/.test(word))) return refusal;
  try {
    proxyAddr.compile(list);
    return list;
  } catch {
    return refusal;
  }
}

export function metricsAddress(text: string): { host: string; port: number } | Refused {
  const match = /^(?:(?<name>\S+):)?(?<number>\d{1,5})$/.exec(text)?.groups;
  const name = host(match?.['name'] ?? '127.0.0.1');
  const port = integer(match?.['number'] ?? '', 0, 65_535);
  return name instanceof Refused || port instanceof Refused
    ? refuse(text, 'a port, or an address and a port such as 0.0.0.0:9090')
    : { host: name.replace(/^\[(.*)\]$/, '$1'), port };
}
