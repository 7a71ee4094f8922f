import { CLOSE, type Connection } from './connection.ts';
import type { Timings } from './limits.ts';

/** Milliseconds from one batch of sockets to the next. */
const STEP = 50;

/**
 * Tells everyone that the server is about to stop, and closes their sockets: a few at once, thousands spread over a
 * moment, since what takes this server's place will have them all. Resolves when all have been told.
 */
export async function sayFarewell(
  open: readonly Connection[],
  { retryAfter, closeOver }: Timings,
): Promise<void> {
  for (const connection of open) connection.send({ type: 'ROOM-CLOSING', retryAfter });
  const batch = Math.max(25, Math.ceil((open.length * STEP) / closeOver));
  for (let at = 0; at < open.length; at += batch) {
    if (at > 0) await new Promise((resolve) => setTimeout(resolve, STEP));
    for (const connection of open.slice(at, at + batch))
      connection.close(CLOSE.restart, 'the server is stopping');
  }
}
