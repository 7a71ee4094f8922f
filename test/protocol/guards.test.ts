import { expect } from '@open-wc/testing';
import { isChannelMessage, isEmoji } from '../../src/protocol/channel.ts';
import { isId, isRoomName, isSdp } from '../../src/protocol/guards.ts';
import { LIMITS } from '../../src/protocol/limits.ts';
import { randomId } from '../../src/protocol/random.ts';
import { isClientFrame, isServerFrame } from '../../src/protocol/room.ts';
import { isSignal } from '../../src/protocol/signal.ts';

const id = 'abcdefgh12345678';
const entry = { id, author: id, name: 'Ada', text: 'hello', time: 1, clock: 1 };
const offer = {
  kind: 'description',
  round: 1,
  type: 'offer',
  sdp: 'v=0',
  sources: [['0', 'camera']],
};
const candidate = {
  kind: 'candidate',
  candidate: '',
  sdpMid: '0',
  sdpMLineIndex: 0,
  usernameFragment: null,
};
const picture = { width: 640, height: 360, frameRate: 30, isMain: true };
const presence = {
  kind: 'presence',
  version: 1,
  name: '',
  microphone: true,
  camera: false,
  screen: false,
  screenAudio: false,
  handRaised: false,
};

/** Valid values by guard; each is then broken field by field. */
const valid: readonly [
  name: string,
  guard: (value: unknown) => boolean,
  values: readonly object[],
][] = [
  ['isSignal', isSignal, [offer, candidate, { kind: 'ask' }, { kind: 'bye' }]],
  [
    'isClientFrame',
    isClientFrame,
    [
      { type: 'ROOM-JOIN', version: 1, room: 'x' },
      { type: 'ROOM-LEAVE' },
      { type: 'ROOM-KNOCK', name: 'Ada' },
      { type: 'ROOM-MODERATE', action: 'mute', id },
      { type: 'ROOM-MODERATE', action: 'lock', on: true },
      { type: 'ROOM-MODERATE', action: 'end' },
      { type: 'ROOM-PING', n: 1 },
      { type: 'ROOM-PROBE' },
      { type: 'ROOM-SIGNAL', dst: id, link: id, signal: offer },
    ],
  ],
  [
    'isServerFrame',
    isServerFrame,
    [
      {
        type: 'ROOM-WELCOME',
        version: 1,
        room: 'x',
        members: [{ id, away: false }],
        iceServers: [{ urls: ['stun:host'] }],
        iceTtl: 0,
        capacity: 16,
      },
      { type: 'ROOM-JOINED', id },
      { type: 'ROOM-WAITING' },
      { type: 'ROOM-MUTE' },
      { type: 'ROOM-DOOR' },
      { type: 'ROOM-RESULT' },
      { type: 'ROOM-LEFT', id, reason: 'left' },
      { type: 'ROOM-PRESENCE', id, away: true },
      { type: 'ROOM-PONG', n: 1 },
      { type: 'ROOM-ERROR', code: 'room-full', detail: '' },
      { type: 'ROOM-SIGNAL', src: id, link: id, signal: candidate },
      { type: 'ROOM-UNDELIVERED', dst: id, link: id },
      { type: 'ROOM-CLOSING', retryAfter: 0 },
      { type: 'ROOM-ICE', iceServers: [], iceTtl: 60 },
    ],
  ],
  [
    'isChannelMessage',
    isChannelMessage,
    [
      presence,
      { kind: 'chat', entry, isPrivate: false },
      { kind: 'chat-have', ids: [id] },
      { kind: 'chat-history', entries: [entry] },
      { kind: 'reaction', emoji: '👍' },
      { kind: 'heartbeat' },
      { kind: 'view', camera: picture, screen: picture },
      { kind: 'leave' },
      { kind: 'signal', signal: offer },
    ],
  ],
];

const junk: readonly unknown[] = [
  undefined,
  null,
  [],
  {},
  'x'.repeat(LIMITS.sdp + 1),
  Number.NaN,
  -1,
  1.5,
  { __proto__: null },
  [[]],
];

describe('guards', () => {
  it('take emoji of any making for a reaction, and nothing that can be read', () => {
    for (const emoji of ['👍', '❤️', '👏🏽', '🇩🇪', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '👩🏽‍❤️‍💋‍👨🏿', '👨‍👩‍👧‍👦'])
      expect(isEmoji(emoji), emoji).to.equal(true);
    for (const text of [
      '',
      ' ',
      'a',
      '👍 buy',
      '7',
      '911',
      '#',
      '\u200d👍',
      '👍\n',
      '👍'.repeat(13),
    ])
      expect(isEmoji(text), text).to.equal(false);
  });

  for (const [name, guard, values] of valid)
    for (const value of values) {
      const label = `${name} ${JSON.stringify(value).slice(0, 60)}`;
      it(`${label} passes`, () => {
        expect(guard(value)).to.equal(true);
      });
      it(`${label} fails with any field broken`, () => {
        for (const key of Object.keys(value))
          for (const broken of junk) {
            const copy = { ...value, [key]: broken };
            // An empty list and null are right in some places.
            if (
              JSON.stringify(broken) === '[]' &&
              Array.isArray((value as Record<string, unknown>)[key])
            )
              continue;
            if (broken === null && (key.startsWith('sdpM') || key === 'usernameFragment')) continue;
            // The room of a JOIN may be any text: the client is told what is wrong with it.
            if (name === 'isClientFrame' && key === 'room' && typeof broken === 'string') continue;
            expect(guard(copy), `${key}: ${JSON.stringify(broken)}`).to.equal(false);
          }
      });
    }

  it('take no picture that has a field broken', () => {
    for (const key of Object.keys(picture))
      for (const broken of ['640', -1, 0.5, Number.NaN, null, undefined]) {
        const view = { kind: 'view', camera: picture, screen: { ...picture, [key]: broken } };
        expect(isChannelMessage(view), `${key}: ${String(broken)}`).to.equal(false);
      }
  });

  it('take a second STUN address that is a text, or none', () => {
    const frame = { type: 'ROOM-ICE', iceServers: [], iceTtl: 60 };
    expect(isServerFrame({ ...frame, probe: 'stun:host:3479' })).to.equal(true);
    for (const probe of [1, {}, 'x'.repeat(10_000)])
      expect(isServerFrame({ ...frame, probe }), JSON.stringify(probe)).to.equal(false);
  });

  it('take what may be absent, and nothing wrong in its place', () => {
    const member = { id, away: false };
    const rights: [(value: unknown) => boolean, object, string, unknown[], unknown[]][] = [
      [
        isClientFrame,
        { type: 'ROOM-JOIN', version: 1, room: 'x' },
        'token',
        ['', 'a.b.c'],
        [1, {}],
      ],
      [isClientFrame, { type: 'ROOM-JOIN', version: 1, room: 'x' }, 'host', [id], ['x', null]],
      [isClientFrame, { type: 'ROOM-JOIN', version: 1, room: 'x' }, 'locked', [true], [1, null]],
      [isServerFrame, { type: 'ROOM-JOINED', id }, 'role', ['viewer'], ['admin', 1, null]],
      [isServerFrame, { type: 'ROOM-PRESENCE', ...member }, 'name', ['Ada'], [1, 'x'.repeat(81)]],
      [isServerFrame, { type: 'ROOM-DOOR' }, 'locked', [true], [1, 'yes']],
      [isServerFrame, { type: 'ROOM-DOOR' }, 'waiting', [[{ id, name: '' }]], [[{ id }], [1], {}]],
      [isServerFrame, { type: 'ROOM-RESULT' }, 'code', [undefined], ['room-full', 1]],
    ];
    for (const [guard, frame, key, good, bad] of rights) {
      expect(guard(frame)).to.equal(true);
      for (const value of good) expect(guard({ ...frame, [key]: value }), key).to.equal(true);
      for (const value of bad) expect(guard({ ...frame, [key]: value }), key).to.equal(false);
    }
    const crowd = Array.from({ length: LIMITS.waiting + 1 }, () => ({ id, name: '' }));
    expect(isServerFrame({ type: 'ROOM-DOOR', waiting: crowd })).to.equal(false);
  });

  it('refuse everything that is no object', () => {
    for (const [, guard] of valid) for (const value of junk) expect(guard(value)).to.equal(false);
  });

  it('take a description of so many media sections, and of no more', () => {
    const sections = (count: number): string => `v=0\r\n${'m=audio 9 X 0\r\n'.repeat(count)}`;
    expect(isSdp(sections(LIMITS.sources))).to.equal(true);
    expect(isSdp(sections(LIMITS.sources + 1))).to.equal(false);
  });

  it('take ids that PeerJS takes, and no others', () => {
    expect(isId(randomId())).to.equal(true);
    for (const value of [
      'short',
      '-abcdefgh',
      'abcdefgh-',
      'abc def ghi',
      '<script>alert(1)',
      'a'.repeat(65),
    ])
      expect(isId(value), value).to.equal(false);
  });

  it('take room names of any script, and no invisible ones', () => {
    for (const value of ['x', 'Küche 🍳', 'غرفة', '<b>room</b>', 'a'.repeat(200)])
      expect(isRoomName(value), value).to.equal(true);
    for (const value of ['', ' x', 'x ', 'a\u0000b', 'a\nb', 'a'.repeat(201)])
      expect(isRoomName(value), value).to.equal(false);
  });

  it('make ids that do not repeat', () => {
    const ids = new Set(Array.from({ length: 1_000 }, () => randomId()));
    expect(ids.size).to.equal(1_000);
  });
});
