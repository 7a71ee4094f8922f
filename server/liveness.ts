import type { Connection } from './connection.ts';
import type { Timings } from './limits.ts';
import type { Tally } from './tally.ts';

/**
 * Pings every connection that has gone silent, and ends those that stay so. WebSocket pings are answered by the browser itself, so a
 * throttled background tab stays alive. Returns the function that stops it.
 */
export function watch(
  connections: Iterable<Connection>,
  timings: Timings,
  tally: Tally,
): () => void {
  let checkedAt = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    // When this process itself slept (a suspended machine, a blocked loop), the silence was ours: everyone gets a fresh start.
    const overslept = now - checkedAt > timings.checkEvery + timings.pingEvery;
    checkedAt = now;
    for (const connection of connections) {
      if (overslept) connection.seenAt = now;
      if (now - connection.seenAt >= timings.deadAfter) {
        tally.refuse('silent');
        connection.terminate();
      } else if (now - Math.max(connection.seenAt, connection.pingedAt) >= timings.pingEvery)
        connection.ping();
    }
  }, timings.checkEvery);
  return () => {
    clearInterval(timer);
  };
}
