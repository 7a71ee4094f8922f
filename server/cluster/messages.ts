/** What nodes say to each other: lists whose first entry is the kind, a batch of them being a JSON list that begins with the sender. */
import { isArrayOf, isCount, isId, isText, parseJson } from '../../src/protocol/guards.ts';

/** From the node that has a client's socket to the one that has its room. `n` is the number of the socket at the former. */
export type ToOwner =
  | readonly [
      'open',
      n: number,
      hello: readonly [id: string, token: string, hostname: string, address: string],
    ]
  | readonly ['text', n: number, text: string]
  | readonly ['gone', n: number]
  /** These are all that the sender has at the receiver; any other is gone. */
  | readonly ['sync', numbers: readonly number[]];

/** And back. */
export type ToGateway =
  | readonly ['send', n: number, text: string]
  | readonly ['close', n: number, code: number, reason: string]
  | readonly ['pause', n: number]
  | readonly ['end', n: number]
  /** The room that it wants is not here (any more): ask again where it is. */
  | readonly ['elsewhere', n: number];

/** To every node, its sender included. `beat` shows that messages get through, `gap` that some may not have, `bye` is the end. */
export type ToAll = readonly ['beat' | 'gap' | 'bye'];

export type Message = ToOwner | ToGateway | ToAll;

export interface Batch {
  readonly from: string;
  readonly messages: readonly Message[];
}

/** Longer than any frame that a client may send (`--frame-bytes`), or that it is sent: a full room's roster has 50 kB. */
const MAX_TEXT = 2 * 1024 * 1024;
const MAX_SOCKETS = 1_000_000;

const tokenPattern = /^[A-Za-z0-9_.~-]{16,128}$/;

export const encode = ({ from, messages }: Batch): string => JSON.stringify([from, ...messages]);

/** Undefined for what no node says; what comes from a network is checked, also from our own. */
export function decode(text: string): Batch | undefined {
  const list = parseJson(text);
  if (!Array.isArray(list)) return undefined;
  const [from, ...messages] = list as readonly unknown[];
  return isId(from) && messages.every(isMessage) ? { from, messages } : undefined;
}

function isMessage(value: unknown): value is Message {
  if (!Array.isArray(value)) return false;
  const [kind, n, detail, reason, ...rest] = value as readonly unknown[];
  if (rest.length > 0) return false;
  switch (kind) {
    case 'open':
      return isCount(n) && isHello(detail);
    case 'text':
    case 'send':
      return isCount(n) && isText(detail, MAX_TEXT);
    case 'sync':
      return isArrayOf(n, MAX_SOCKETS, isCount);
    case 'close':
      // What a WebSocket may be closed with by an application: RFC 6455 section 7.4.
      return (
        isCount(n) && isCount(detail) && detail >= 1_000 && detail < 5_000 && isText(reason, 123)
      );
    case 'gone':
    case 'pause':
    case 'end':
    case 'elsewhere':
      return isCount(n);
    case 'beat':
    case 'gap':
    case 'bye':
      return n === undefined;
    default:
      return false;
  }
}

function isHello(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 4) return false;
  const [id, token, hostname, address] = value as readonly unknown[];
  return (
    isId(id) &&
    isText(token, 128) &&
    tokenPattern.test(token) &&
    isText(hostname, 300) &&
    isText(address, 100)
  );
}
