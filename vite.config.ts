import { defineConfig } from 'vite';
import { noteChunks } from './scripts/lib/chunks.mjs';
import { leanPeerjs } from './scripts/lib/lean-peerjs.mjs';

/**
 * dist/video-call.js, the one script that a page names, and beside it chunks/ for what is needed later. Not Vite's library
 * mode, which leaves white space in ES modules.
 */
export default defineConfig({
  // Chunks are found relative to the script that asks for them: under any path and from any origin.
  base: './',
  publicDir: false,
  plugins: [leanPeerjs(), noteChunks()],
  build: {
    target: 'es2022',
    outDir: 'dist',
    sourcemap: true,
    modulePreload: false,
    reportCompressedSize: false,
    rollupOptions: {
      input: { 'video-call': 'src/index.ts' },
      preserveEntrySignatures: 'strict',
      output: {
        entryFileNames: '[name].js',
        chunkFileNames: ({ name, moduleIds }) =>
          `chunks/${moduleIds.some((id) => id.includes('/node_modules/peerjs/')) ? 'peerjs' : name}-[hash].js`,
        hashCharacters: 'base36',
        // The entry holds src/index.ts alone, which asks where it came from. Everything else has a hashed name, and chunks
        // import that: never video-call.js, which a page may load as video-call.js?v=2.
        manualChunks: { element: ['src/video-call.ts'] },
      },
    },
  },
});
