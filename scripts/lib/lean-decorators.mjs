import MagicString from 'magic-string';

const DECORATE = '\0decorate';
const DECORATORS = '\0decorators';
const MODULES = {
  [DECORATE]: `export function decorate(prototype, decorators) {
  for (const name in decorators) decorators[name](prototype, name);
}`,
  // Those of Lit serve the decorators of the standard as well, of which esbuild makes none here.
  [DECORATORS]: `export const property = (options) => (prototype, name) => {
  prototype.constructor.createProperty(name, options);
};
export const state = () => property({ state: true, attribute: false });
const found = (find) => (prototype, name) => {
  Object.defineProperty(prototype, name, { get() { return find(this.renderRoot); } });
};
export const query = (selector) => found((root) => root?.querySelector(selector) ?? null);
export const queryAll = (selector) => found((root) => root?.querySelectorAll(selector) ?? []);`,
};

// What esbuild puts at the head of each module with decorators, and what it makes of one after the other.
const HELPER =
  /var __defProp = Object\.defineProperty;\n(?:var __getOwnPropDesc = [^\n]+\n)?var __decorateClass = \([\s\S]*?\n};\n/;
const ONE = /__decorateClass\(\[\n {2}(.*)\n\], (\w+)\.prototype, "(\w+)", 2\);/;
const ALL = new RegExp(`(?:${ONE.source}\n?)+`, 'g');
const EACH = new RegExp(ONE, 'g');

/**
 * The decorators of properties and queries in a few lines, and one call for all of a class: about 0.6 kB (brotli) of a first
 * call. The build fails when esbuild writes them in another way.
 *
 * @returns {import('vite').Plugin}
 */
export function leanDecorators() {
  return {
    name: 'lean-decorators',
    enforce: 'post',
    resolveId: {
      order: 'pre',
      handler: (id) => (id === 'lit/decorators.js' ? DECORATORS : MODULES[id] && id),
    },
    load: (id) => MODULES[id],
    transform(code, id) {
      const helper = id.endsWith('.ts') ? HELPER.exec(code) : null;
      if (!helper) return undefined;
      const result = new MagicString(code);
      const end = helper.index + helper[0].length;
      result.update(helper.index, end, `import { decorate } from ${JSON.stringify(DECORATE)};\n`);
      for (const { 0: calls, index } of code.matchAll(ALL)) {
        const parts = [...calls.matchAll(EACH)];
        const decorators = parts.map(([, decorator, , name]) => `${name}: ${decorator}`).join();
        const target = parts[0]?.[2];
        result.update(
          index,
          index + calls.length,
          `decorate(${target}.prototype, { ${decorators} });\n`,
        );
      }
      if (result.toString().includes('__decorateClass'))
        this.error(`A decorator in ${id} is written in another way.`);
      return { code: result.toString(), map: result.generateMap({ hires: true }) };
    },
  };
}
