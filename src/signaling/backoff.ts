/**
 * How long to wait before trying the server again, in milliseconds. Full jitter over five seconds from the first try on:
 * when a server with hundreds of callers restarts, they all notice in the same instant and must not come back in one.
 * Media does not need the server, so nobody notices the wait. After ten failures the tries become rarer.
 */
export function reconnectDelay(attempt: number, random = Math.random): number {
  const longest = attempt < 10 ? 5_000 : 15_000;
  return 100 + random() * (longest - 100);
}
