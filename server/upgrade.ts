import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isId, isText } from '../src/protocol/guards.ts';
import { isProvable, provableId } from '../src/protocol/identity.ts';

/** What a client says of itself when it opens its WebSocket. */
export interface Hello {
  readonly id: string;
  /** The secret that proves, when the client comes back, that it is the same one. */
  readonly token: string;
  /** The host name under which it reached the server, without the port; undefined when that is no valid name. */
  readonly hostname: string | undefined;
}
export interface UpgradeRefusal {
  readonly status: 400 | 404;
  readonly text: string;
}

/** PeerJS sends this key unless told otherwise. It is no secret, so there is no other. */
export const PEER_KEY = 'peerjs';

const PARAMETERS = ['key', 'id', 'token', 'version'] as const;
const MAX_URL = 1_000;
const tokenPattern = /^[A-Za-z0-9_.~-]{16,128}$/;
// RFC 3986 section 3.2.2, as far as names go that a browser would put there.
const hostPattern =
  /^(?<host>[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/;

/** Checks the URL of an upgrade request. PeerServer itself would take any text, and the last of duplicate parameters. */
export function readUpgrade(
  url: string,
  headers: IncomingHttpHeaders,
  prefix: string,
): Hello | UpgradeRefusal {
  const [path = '', query = ''] = url.split(/\?(.*)/s);
  if (path !== `${prefix}peerjs`) return { status: 404, text: `WebSockets are at ${prefix}peerjs` };
  if (url.length > MAX_URL) return { status: 400, text: 'the address is too long' };
  const parameters = new URLSearchParams(query);
  for (const name of PARAMETERS)
    if (parameters.getAll(name).length > 1)
      return { status: 400, text: `"${name}" is there twice` };
  if (parameters.get('key') !== PEER_KEY) return { status: 400, text: `"key" must be ${PEER_KEY}` };
  const id = parameters.get('id');
  if (!isId(id))
    return { status: 400, text: '"id" must be 8 to 64 letters, digits, dashes and underscores' };
  const token = parameters.get('token');
  if (!isText(token, 128) || !tokenPattern.test(token))
    return {
      status: 400,
      text: '"token" must be 16 to 128 characters that need no escaping in a URL',
    };
  if (isProvable(id) && id !== provableId(createHash('sha256').update(token).digest()))
    return { status: 400, text: '"id" is made of another "token"' };
  return { id: own(id), token: own(token), hostname: hostnameOf(headers.host) };
}

/** The query as PeerServer is to see it: what has been checked, and nothing else. */
export function peerUrl(hello: Hello): string {
  return `/?${new URLSearchParams({ key: PEER_KEY, id: hello.id, token: hello.token }).toString()}`;
}

function hostnameOf(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const host = hostPattern.exec(header)?.groups?.['host'];
  return host === undefined ? undefined : own(host);
}

/** A part of a longer text keeps all of it in memory, for as long as the socket lives; this is the same text by itself. */
function own(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}
