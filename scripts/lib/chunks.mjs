import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './root.mjs';

/**
 * Notes which file of dist/ imports which, in build/chunks.json: for the size budget and the tests, not for serving.
 *
 * @returns {import('vite').Plugin}
 */
export function noteChunks() {
  return {
    name: 'note-chunks',
    writeBundle(_options, bundle) {
      const chunks = Object.values(bundle)
        .filter((output) => output.type === 'chunk')
        .map(({ fileName, isEntry, imports }) => ({ file: fileName, isEntry, imports }));
      mkdirSync(join(ROOT, 'build'), { recursive: true });
      writeFileSync(join(ROOT, 'build/chunks.json'), `${JSON.stringify(chunks, null, 2)}\n`);
    },
  };
}
