/** The limits that an operator may set; server/limits.ts says what they are for and has their defaults. */
import { integer, seconds } from './config-values.ts';
import { DEFAULT_LIMITS, DEFAULT_TIMINGS, type ServerLimits } from './limits.ts';
import type { Read, Setting } from './config-setting.ts';

export type ConfiguredLimits = Pick<
  ServerLimits,
  'sockets' | 'rooms' | 'framesPerSecond' | 'bytesPerSecond' | 'frameBytes' | 'bufferedBytes'
>;

const JOIN_WITHIN = DEFAULT_TIMINGS.joinWithin / 1_000;

export const LIMIT_SETTINGS = {
  maxConnections: {
    flag: 'max-connections',
    env: 'MAX_CONNECTIONS',
    value: 'number',
    help: `connections in all (default ${String(DEFAULT_LIMITS.sockets)})`,
  },
  maxRooms: {
    flag: 'max-rooms',
    env: 'MAX_ROOMS',
    value: 'number',
    help: `rooms in all (default ${String(DEFAULT_LIMITS.rooms)})`,
  },
  framesPerSecond: {
    flag: 'frames-per-second',
    env: 'FRAMES_PER_SECOND',
    value: 'number',
    help: `frames of one connection, five times as many for a moment (default ${String(DEFAULT_LIMITS.framesPerSecond)})`,
  },
  bytesPerSecond: {
    flag: 'bytes-per-second',
    env: 'BYTES_PER_SECOND',
    value: 'number',
    help: `bytes of one connection, five times as many for a moment (default ${String(DEFAULT_LIMITS.bytesPerSecond)})`,
  },
  frameBytes: {
    flag: 'frame-bytes',
    env: 'FRAME_BYTES',
    value: 'number',
    help: `bytes of one frame (default ${String(DEFAULT_LIMITS.frameBytes)})`,
  },
  bufferedBytes: {
    flag: 'buffered-bytes',
    env: 'BUFFERED_BYTES',
    value: 'number',
    help: `bytes that may wait for a slow reader (default ${String(DEFAULT_LIMITS.bufferedBytes)})`,
  },
  joinWithin: {
    flag: 'join-within',
    env: 'JOIN_WITHIN',
    value: 'seconds',
    help: `how long a connection may be in no room (default ${String(JOIN_WITHIN)})`,
  },
} as const satisfies Record<string, Setting>;

// The least of each lets one honest caller into a full room: a description has up to 64 kB, and 15 others send theirs at once.
const RANGES = {
  sockets: [LIMIT_SETTINGS.maxConnections, 1, 1_000_000],
  rooms: [LIMIT_SETTINGS.maxRooms, 1, 1_000_000],
  framesPerSecond: [LIMIT_SETTINGS.framesPerSecond, 20, 1_000_000],
  bytesPerSecond: [LIMIT_SETTINGS.bytesPerSecond, 65_536, 999_999_999],
  frameBytes: [LIMIT_SETTINGS.frameBytes, 98_304, 1_048_576],
  bufferedBytes: [LIMIT_SETTINGS.bufferedBytes, 262_144, 999_999_999],
} as const satisfies Record<keyof ConfiguredLimits, readonly [Setting, number, number]>;

export function readLimits(read: Read): ConfiguredLimits {
  const limit = (name: keyof ConfiguredLimits): number => {
    const [setting, min, max] = RANGES[name];
    return read<number>(setting, DEFAULT_LIMITS[name], (text) => integer(text, min, max));
  };
  return {
    sockets: limit('sockets'),
    rooms: limit('rooms'),
    framesPerSecond: limit('framesPerSecond'),
    bytesPerSecond: limit('bytesPerSecond'),
    frameBytes: limit('frameBytes'),
    bufferedBytes: limit('bufferedBytes'),
  };
}

/** Seconds. */
export function readJoinWithin(read: Read): number {
  return read<number>(LIMIT_SETTINGS.joinWithin, JOIN_WITHIN, (text) => seconds(text, 1));
}
