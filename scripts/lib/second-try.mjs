import { NONE, add } from './counts.mjs';
import { say } from './root.mjs';

/**
 * Runs test files, each in a program of its own. In CI, whose machine is not ours alone, a file that fails is run once more;
 * one that passes only then is named at the end, to be looked into: the counts are those of its second run.
 *
 * @param {string} title of the suite, for people
 * @param {readonly string[]} files
 * @param {number} atOnce how many run side by side
 * @param {(file: string) => Promise<{passed: number, failed: number, skipped: number}>} runFile
 */
export async function runFiles(title, files, atOnce, runFile) {
  let total = NONE;
  const shaky = [];
  const left = [...files];
  const work = async () => {
    for (let file = left.shift(); file !== undefined; file = left.shift()) {
      let counts = await runFile(file);
      if (counts.failed > 0 && process.env.CI === 'true') {
        say(`${title}: ${file} failed; once more …`);
        counts = await runFile(file);
        if (counts.failed === 0) shaky.push(file);
      }
      total = add(total, counts);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  if (shaky.length > 0) say(`${title}: PASSED ONLY AT THE SECOND TRY: ${shaky.join(', ')}`);
  return total;
}
