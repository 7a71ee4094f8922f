import MagicString from 'magic-string';
import { minify } from 'terser';
import { transformWithEsbuild } from 'vite';

const TEMPLATE = /\b(?:html|svg|css)`/;

const betweenStrings = (text, edit) =>
  text
    .split(/("[^"]*"|'[^']*')/)
    .map((part, index) => (index % 2 === 0 ? edit(part) : part))
    .join('');

const shortenCss = (text) =>
  betweenStrings(text.replace(/\/\*[\s\S]*?\*\//g, ''), (part) =>
    part
      .replace(/\s+/g, ' ')
      .replace(/ ?([{};]) ?/g, '$1')
      .replace(/([:,]) /g, '$1')
      .replace(/;}/g, '}'),
  );

/** One space for a line break with its indentation: what it shows is the same. */
const shortenHtml = (text) => text.replace(/\s*\n\s*/g, ' ');

const SHORTEN = { html: shortenHtml, svg: shortenHtml, css: shortenCss };

/**
 * Takes the white space and the comments of a reader out of Lit's templates and styles, which no minifier of scripts
 * touches: about 0.9 kB (brotli) of a first call.
 *
 * @returns {import('vite').Plugin}
 */
export function shortenTemplates() {
  return {
    name: 'shorten-templates',
    transform(code, id) {
      if (!id.endsWith('.ts') || !TEMPLATE.test(code)) return undefined;
      const result = new MagicString(code);
      const visit = (node) => {
        if (node === null || typeof node !== 'object') return;
        if (node.type === 'TaggedTemplateExpression' && Object.hasOwn(SHORTEN, node.tag.name ?? ''))
          for (const { start, end } of node.quasi.quasis)
            if (end > start)
              result.update(start, end, SHORTEN[node.tag.name](code.slice(start, end)));
        Object.values(node).forEach(visit);
      };
      visit(this.parse(code));
      return { code: result.toString(), map: result.generateMap({ hires: true }) };
    },
  };
}

/**
 * Minifies the scripts with esbuild and then with terser: about 1 kB (brotli) of a first call smaller than by esbuild alone.
 * Vite itself leaves the white space in ES modules that it builds as a library, for the sake of other bundlers.
 *
 * @returns {import('vite').Plugin}
 */
export function minifyModules() {
  return {
    name: 'minify-modules',
    renderChunk: {
      order: 'post',
      async handler(code, { fileName, moduleIds }) {
        // What is private by its name, of our elements and of PeerJS: each is used by one class only. Where the base class of the
        // elements is in another chunk a short name might be one of its own.
        const hasBases = moduleIds.some((id) =>
          /\/node_modules\/(@lit\/reactive-element|peerjs)\//.test(id),
        );
        const once = await transformWithEsbuild(code, fileName, {
          minify: true,
          target: 'es2022',
          format: 'esm',
          legalComments: 'none',
          ...(hasBases && { mangleProps: /^_[a-z]/ }),
          sourcemap: true,
        });
        const twice = await minify(once.code, {
          module: true,
          ecma: 2020,
          compress: {
            passes: 2,
            inline: 1,
            keep_fargs: false,
            lhs_constants: false,
            sequences: false,
            // Nothing in here makes objects of anonymous functions.
            unsafe_arrows: true,
          },
          format: { comments: false },
          sourceMap: { content: once.map },
        });
        return { code: twice.code ?? '', map: twice.map };
      },
    },
  };
}
