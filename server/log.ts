import { Bucket } from './bucket.ts';

/** Takes one line. It must hold no name, room, id, token or address. */
export type Log = (line: string) => void;

/** Hands on at most `perMinute` lines a minute and says how many it swallowed, so that an attacker cannot fill a disk. */
export function limited(log: Log, perMinute = 6): Log {
  const bucket = new Bucket(perMinute, perMinute / 60);
  let swallowed = 0;
  return (line) => {
    if (!bucket.take()) {
      swallowed += 1;
      return;
    }
    log(swallowed === 0 ? line : `${line} (and ${String(swallowed)} like it before)`);
    swallowed = 0;
  };
}

/** Counts a thing in English: `1 room`, `2 rooms`. */
export function count(number: number, noun: string): string {
  return `${String(number)} ${noun}${number === 1 ? '' : 's'}`;
}
