/**
 * A reporter for node:test whose whole output is the JSON of the true counts: the runner's own, from the lines with which
 * it ends.
 */
export default async function* countingReporter(source) {
  const seen = {};
  for await (const { type, data } of source) {
    const line = type === 'test:diagnostic' && /^(\w+) (\d+)$/.exec(data.message);
    if (line) seen[line[1]] = Number(line[2]);
  }
  const { pass = 0, fail = 0, cancelled = 0, skipped = 0, todo = 0 } = seen;
  yield JSON.stringify({ passed: pass, failed: fail + cancelled, skipped: skipped + todo });
}
