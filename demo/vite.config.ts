import { defineConfig } from 'vite';

/** dist/demo/: served at the root of the server, where video-call.js is too. All URLs are relative. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  publicDir: false,
  build: {
    target: 'es2022',
    outDir: '../dist/demo',
    emptyOutDir: true,
    modulePreload: false,
    reportCompressedSize: false,
    assetsInlineLimit: 0,
  },
});
