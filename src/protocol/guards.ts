import { LIMITS } from './limits.ts';

/** A plain JSON object whose values nobody has checked yet. */
export type UnknownRecord = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is UnknownRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A string of at most `max` UTF-16 code units, and at least `min`. */
export function isText(value: unknown, max: number, min = 0): value is string {
  return typeof value === 'string' && value.length <= max && value.length >= min;
}

/** A finite number of at least zero that JSON can carry exactly. */
export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** A session description. Each media section costs its receiver a receiver, so that they are counted, too. */
export function isSdp(value: unknown): value is string {
  return isText(value, LIMITS.sdp, 1) && value.split('\nm=').length <= LIMITS.sources + 1;
}

const idPattern = /^[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?$/;

/** Participant, link and message ids: what PeerJS accepts as an id, without spaces, 8 to 64 characters. */
export function isId(value: unknown): value is string {
  return isText(value, LIMITS.id, 8) && idPattern.test(value);
}

// Control characters (C0, DEL, C1) can neither be typed nor seen, and turn two rooms that look alike into different ones.
// eslint-disable-next-line no-control-regex -- they are what this is about
const controlCharacters = /[\u0000-\u001f\u007f-\u009f]/;

/** A room name: 1 to 200 characters of any script, no control characters, no white space at either end. */
export function isRoomName(value: unknown): value is string {
  return isText(value, LIMITS.room, 1) && value === value.trim() && !controlCharacters.test(value);
}

export function isArrayOf<T>(
  value: unknown,
  max: number,
  guard: (item: unknown) => item is T,
): value is T[] {
  return Array.isArray(value) && value.length <= max && value.every(guard);
}

/** Parses JSON to `unknown`; `undefined` for anything that is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
