import { defineConfig } from 'vite';
import { noteChunks } from './scripts/lib/chunks.mjs';
import { leanDecorators } from './scripts/lib/lean-decorators.mjs';
import { leanPeerjs } from './scripts/lib/lean-peerjs.mjs';
import { minifyModules, shortenTemplates } from './scripts/lib/minify.mjs';

/**
 * dist/video-call.js, the one script that a page names, and beside it chunks/ for the rest. Built as a library: only so
 * does Vite leave `import()` as it is. For pages it wraps it in a helper that writes links into the document's head.
 */
export default defineConfig({
  // Chunks are found relative to the script that asks for them: under any path and from any origin.
  base: './',
  publicDir: false,
  define: { 'process.env.NODE_ENV': '"production"' },
  plugins: [leanPeerjs(), shortenTemplates(), leanDecorators(), minifyModules(), noteChunks()],
  build: {
    target: 'es2022',
    outDir: 'dist',
    sourcemap: true,
    minify: false,
    reportCompressedSize: false,
    lib: { entry: { 'video-call': 'src/index.ts' }, formats: ['es'] },
    rollupOptions: {
      output: {
        entryFileNames: '[name].js',
        chunkFileNames: 'chunks/[name]-[hash:6].js',
        hashCharacters: 'base36',
        // The entry holds src/index.ts alone, which asks where it came from. Everything else has a hashed name, and chunks
        // import that: never video-call.js, which a page may load as video-call.js?v=2.
        manualChunks: { element: ['src/video-call.ts'] },
      },
    },
  },
});
