import { defineConfig } from 'vite';

/** dist/index.html with its assets in dist/demo/, beside the element. All URLs are relative. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  publicDir: false,
  build: {
    target: 'es2022',
    outDir: '../dist',
    assetsDir: 'demo',
    // The element is there already.
    emptyOutDir: false,
    modulePreload: false,
    reportCompressedSize: false,
    assetsInlineLimit: 0,
  },
});
