import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { ROOT } from './root.mjs';

/** The budget for the bytes of a first call, brotli: 50 kB (docs/decisions/0006). */
export const BUDGET = 50_000;

/** What a lobby loads on demand. Everything else that is loaded on demand comes later, or never. */
const LOBBY_NEEDS = ['src/engine/preflight.ts', 'src/media/encode-time.ts'];

/**
 * Every script of dist/ with its size, and whether a first call loads it: the page's script and what it imports, and the
 * chunks through which a lobby reaches its looks at the network and the machine, with what these import.
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

  const isNeeded = (file, seen = new Set()) => {
    if (seen.has(file)) return false;
    seen.add(file);
    const chunk = byFile.get(file);
    if (!chunk) return false;
    if (chunk.modules.some((module) => LOBBY_NEEDS.some((part) => module.includes(part))))
      return true;
    return [...chunk.imports, ...chunk.dynamicImports].some(
      (next) => !first.has(next) && isNeeded(next, seen),
    );
  };
  for (let size = -1; size !== first.size;) {
    size = first.size;
    for (const file of [...first])
      for (const next of byFile.get(file)?.dynamicImports ?? [])
        if (!first.has(next) && isNeeded(next)) load(next);
  }

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
