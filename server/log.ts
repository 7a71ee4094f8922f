import { pino, type DestinationStream } from 'pino';
import { Bucket } from './bucket.ts';
import type { LogConfig } from './config-watching.ts';

export type Fields = Readonly<Record<string, unknown>>;
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/**
 * Takes one event. Above `debug` neither text nor fields may hold a name, room, id, token or address. The level is `info` unless
 * given.
 */
export type Log = (message: string, fields?: Fields, level?: LogLevel) => void;

/** Hands on at most `perMinute` events a minute and says how many it swallowed, so that an attacker cannot fill a disk. */
export function limited(log: Log, perMinute = 6): Log {
  const bucket = new Bucket(perMinute, perMinute / 60);
  let swallowed = 0;
  return (message, fields, level) => {
    if (!bucket.take()) {
      swallowed += 1;
      return;
    }
    log(message, swallowed === 0 ? fields : { ...fields, swallowedBefore: swallowed }, level);
    swallowed = 0;
  };
}

/** What waits for a reader of stdout that does not read; beyond that events are lost rather than memory. */
const WAITING_BYTES = 4 * 1024 * 1024;

export interface OpenLog {
  readonly log: Log;
  /** Whether people read it. */
  readonly isText: boolean;
  /** Writes what waits, for the end of the process. */
  readonly flush: () => void;
}

/** Writes to stdout: lines of JSON, or text on a terminal. */
export async function openLog({ level, format }: LogConfig): Promise<OpenLog> {
  const isText = format === 'text' || (format === 'auto' && process.stdout.isTTY);
  // Not waiting for whoever reads: a full pipe must not stop calls.
  const stdout = pino.destination({ fd: 1, sync: false, maxLength: WAITING_BYTES });
  const to = isText ? await pretty(stdout) : stdout;
  const logger = pino(
    {
      level,
      // Neither the name of the machine nor the process id, which who collects lines adds anyway.
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    to,
  );
  return {
    isText,
    log: (message, fields = {}, at = 'info') => {
      logger[at](fields, message);
    },
    flush: () => {
      try {
        stdout.flushSync();
      } catch {
        // Nobody reads any more.
      }
    },
  };
}

async function pretty(to: DestinationStream): Promise<DestinationStream> {
  // Loaded only where people read.
  const { prettyFactory } = await import('pino-pretty');
  const format = prettyFactory({
    colorize: process.stdout.isTTY,
    singleLine: true,
    translateTime: 'SYS:yyyy-mm-dd HH:MM:ss',
  });
  return { write: (line) => to.write(format(line)) };
}

/** Counts a thing in English: `1 room`, `2 rooms`. */
export function count(number: number, noun: string): string {
  return `${String(number)} ${noun}${number === 1 ? '' : 's'}`;
}
