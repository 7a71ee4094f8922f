import { setTimeout as sleep } from 'node:timers/promises';

/** Loaded into every server that is measured: tells, when asked, what memory it holds after a collection. */
process.on('message', async (message) => {
  if (message !== 'memory') return;
  globalThis.gc();
  // Buffers are given back by another thread.
  await sleep(1_000);
  globalThis.gc();
  process.send({ rss: process.memoryUsage.rss() });
});
process.on('disconnect', () => process.exit(0));
