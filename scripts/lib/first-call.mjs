import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { ROOT } from './root.mjs';

/** The budget for the bytes of a first call, brotli: 50 kB (docs/decisions/0006). */
export const BUDGET = 50_000;

/**
 * Every script of dist/ with its size, and whether a first call loads it: the page's script and what it imports. What is
 * imported on demand comes later, or never: a lobby and a join need none of it, though a lobby looks at the network and the machine
 * with some of it in the background (docs/decisions/0006).
 *
 * @returns {{ file: string, bytes: number, brotli: number, isFirst: boolean }[]}
 */
export function firstCall() {
  const chunks = JSON.parse(readFileSync(join(ROOT, 'build/chunks.json'), 'utf8'));
  const byFile = new Map(chunks.map((chunk) => [chunk.file, chunk]));
  const first = new Set();
  const load = (file) => {
    if (first.has(file)) return;
    first.add(file);
    byFile.get(file)?.imports.forEach(load);
  };
  chunks.filter((chunk) => chunk.isEntry).forEach((chunk) => load(chunk.file));

  return chunks
    .map(({ file }) => {
      const code = readFileSync(join(ROOT, 'dist', file));
      const brotli = brotliCompressSync(code, {
        params: { [constants.BROTLI_PARAM_QUALITY]: 11 },
      }).length;
      return { file, bytes: code.length, brotli, isFirst: first.has(file) };
    })
    .sort((a, b) => Number(b.isFirst) - Number(a.isFirst) || b.brotli - a.brotli);
}
