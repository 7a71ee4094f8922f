import type { Random } from './random.ts';

/** Whom frames are aimed at: ids of members of a room that the attacker is not in, and ids that nobody has. */
export interface Targets {
  readonly victims: readonly string[];
  readonly unknown: readonly string[];
  readonly room: string;
}

const signal = { kind: 'description', round: 1, type: 'offer', sdp: 'v=0\r\n', sources: [] };
const sdp = { type: 'offer', sdp: 'v=0\r\n' };

/** One frame of every type that PeerServer or the rooms know, from clients or to them, as it should be. */
const templates = (dst: string): readonly object[] => [
  { type: 'ROOM-JOIN', version: 1, room: 'a room' },
  { type: 'ROOM-LEAVE' },
  { type: 'ROOM-PING', n: 1 },
  { type: 'ROOM-SIGNAL', dst, link: 'aaaaaaaa', signal },
  {
    type: 'ROOM-SIGNAL',
    dst,
    link: 'aaaaaaaa',
    signal: {
      kind: 'candidate',
      candidate: 'candidate:1 1 udp 1 192.0.2.1 9 typ host',
      sdpMid: '0',
      sdpMLineIndex: 0,
      usernameFragment: null,
    },
  },
  { type: 'ROOM-SIGNAL', dst, link: 'aaaaaaaa', signal: { kind: 'bye' } },
  { type: 'OFFER', dst, payload: { sdp, type: 'media', connectionId: 'aaaaaaaa' } },
  { type: 'OFFER', dst, payload: { sdp, type: 'data', connectionId: 'dc_aaaaaaaa', label: 'x' } },
  { type: 'ANSWER', dst, payload: { sdp, type: 'media', connectionId: 'aaaaaaaa' } },
  { type: 'CANDIDATE', dst, payload: { candidate: {}, type: 'media', connectionId: 'aaaaaaaa' } },
  { type: 'LEAVE', dst },
  { type: 'LEAVE' },
  { type: 'EXPIRE', dst },
  { type: 'HEARTBEAT' },
  { type: 'OPEN' },
  { type: 'ID-TAKEN', dst },
  { type: 'ERROR', dst, payload: { msg: 'x' } },
  { type: 'ROOM-WELCOME', version: 1, room: 'x', members: [], iceServers: [], iceTtl: 0 },
  { type: 'ROOM-LEFT', id: dst, reason: 'removed' },
  { type: 'ROOM-ERROR', code: 'room-full', detail: '' },
  { type: 'ROOM-CLOSING', retryAfter: 0 },
];

function hostileValue(random: Random, targets: Targets): unknown {
  const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);
  return random.pick<() => unknown>([
    () => null,
    () => random.pick([-1, 0, 1e308, -0.5, 2 ** 53, Number.MAX_SAFE_INTEGER]),
    () => random.pick([true, false]),
    () => '',
    () => random.text(random.below(3_000)),
    () => '\u0000\u001b[2J\u202e\ud800',
    () => '<img src=x onerror=alert(1)>',
    () => '../../../../etc/passwd',
    () => random.pick(['__proto__', 'constructor', 'toString', 'hasOwnProperty']),
    () => [],
    () => Array.from({ length: random.below(200) }, () => random.text(4)),
    () => nested(random.below(200)),
    () => ({ toString: 1, valueOf: null, toJSON: 'x', then: {} }),
    () => random.pick([...targets.victims, ...targets.unknown]),
  ])();
}

/** JSON by hand, since `JSON.stringify` writes no key twice and no `__proto__`. */
const POLLUTION = [
  '"__proto__":{"polluted":1}',
  '"constructor":{"prototype":{"polluted":1}}',
  '"__proto__":null',
  '"prototype":{"polluted":1}',
];

/** Text of a frame that means harm, or is broken. */
export function hostileText(random: Random, targets: Targets): string {
  const dst = random.pick(random.below(2) === 0 ? targets.victims : targets.unknown);
  const frame: Record<string, unknown> = { ...random.pick(templates(dst)) };
  // Whoever it pretends to be from.
  if (random.below(3) === 0) frame['src'] = random.pick(targets.victims);
  const text = JSON.stringify(frame);
  const kind = random.below(10);
  if (kind <= 1) return text;
  if (kind <= 4) {
    const keys = Object.keys(frame);
    const key = random.pick(keys);
    if (random.below(4) === 0) Reflect.deleteProperty(frame, key);
    else frame[key] = hostileValue(random, targets);
    const payload = frame['payload'] ?? frame['signal'];
    if (random.below(2) === 0 && typeof payload === 'object' && payload !== null) {
      const inner: Record<string, unknown> = { ...payload };
      inner[random.pick([...Object.keys(inner), 'type'])] = hostileValue(random, targets);
      frame['payload' in frame ? 'payload' : 'signal'] = inner;
    }
    return JSON.stringify(frame);
  }
  switch (kind) {
    case 5:
      return text.slice(0, random.below(text.length));
    case 6:
      return `{${random.pick(POLLUTION)},${text.slice(1)}`;
    case 7:
      // Which of two is it?
      return `${text.slice(0, -1)},"type":"${random.pick(['LEAVE', 'ROOM-PING', 'OFFER'])}","dst":"${dst}"}`;
    case 8: {
      const depth = random.below(4_000);
      return `${text.slice(0, -1)},"x":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    }
    default:
      return random.pick([
        random.text(random.below(400), '{}[]":,\\\u0000\u00e9\u2028 \n0123456789eE+-.truefalsn'),
        'null',
        '[]',
        '7',
        '""',
        '1e999',
        '{"type":"ROOM-PING","n":1e999}',
        '{"type":["OFFER"]}',
        '\ufeff{}',
      ]);
  }
}
