/** Loaded into every server that is measured: tells, when asked, what memory it holds after a collection. */
process.on('message', (message) => {
  if (message !== 'memory') return;
  globalThis.gc();
  process.send({ rss: process.memoryUsage.rss() });
});
process.on('disconnect', () => process.exit(0));
