import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { brotliCompressSync, constants } from 'node:zlib';
import { build, type Plugin } from 'vite';
import { BUDGET, firstCall } from '../scripts/lib/first-call.mjs';
import { leanPeerjs } from '../scripts/lib/lean-peerjs.mjs';
import { minifyModules } from '../scripts/lib/minify.mjs';
import { bytes } from './lib/numbers.ts';
import { ROOT } from './lib/root.ts';
import { table } from './lib/table.ts';

const brotli = (code: string | Buffer): number =>
  brotliCompressSync(code, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;

/** The least that a page pays for a library: only what the element uses of it, minified as the element is. */
async function floor(code: string, plugins: readonly Plugin[] = []): Promise<string> {
  const entry = '\0floor';
  const result = await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [
      {
        name: 'floor',
        enforce: 'pre',
        // Vite makes a path of the entry's name.
        resolveId: (id) => (id.endsWith('floor') ? entry : undefined),
        load: (id) => (id === entry ? code : undefined),
      },
      ...plugins,
      minifyModules(),
    ],
    build: {
      write: false,
      target: 'es2022',
      minify: false,
      lib: { entry: 'floor', formats: ['es'], fileName: 'floor' },
    },
  });
  const outputs = Array.isArray(result) ? result : [result];
  return outputs
    .flatMap((one) => ('output' in one ? one.output : []))
    .map((chunk) => (chunk.type === 'chunk' ? chunk.code : ''))
    .join('\n');
}

const LIT = `
  export { html, svg, css, nothing, LitElement } from 'lit';
  export { property, query, state } from 'lit/decorators.js';
  export { classMap } from 'lit/directives/class-map.js';
  export { repeat } from 'lit/directives/repeat.js';
  export { styleMap } from 'lit/directives/style-map.js';`;
const PEERJS = `export { Peer } from 'peerjs';`;

/** Bytes of the first call: the script that a page names and every chunk that joining a call loads. */
export async function measureSize(): Promise<string> {
  const scripts = firstCall().filter(({ isFirst }) => isFirst);
  const sum = (key: 'brotli' | 'bytes'): number =>
    scripts.reduce((total, script) => total + script[key], 0);
  const plain = createRequire(import.meta.url).resolve('peerjs/package.json');
  const others: [string, string | Buffer][] = [
    ['Lit, what the element uses of it', await floor(LIT)],
    ['PeerJS as it is bundled here (lean)', await floor(PEERJS, [leanPeerjs()])],
    ['PeerJS, stock, bundled', await floor(PEERJS)],
    [
      'peerjs.min.js, which the plain page loads',
      readFileSync(plain.replace('package.json', 'dist/peerjs.min.js')),
    ],
  ];
  const row = (name: string, size: number, whole: number): string[] => [
    name,
    bytes(size),
    bytes(whole),
  ];
  return table(
    ['', 'brotli 11', 'bytes'],
    [
      ...scripts.map((script) => row(script.file, script.brotli, script.bytes)),
      row('**a first call**', sum('brotli'), sum('bytes')),
      ['budget', bytes(BUDGET), ''],
      ['for comparison', '', ''],
      ...others.map(([name, code]) => row(name, brotli(code), Buffer.byteLength(code))),
    ],
  );
}
