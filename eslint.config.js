import js from '@eslint/js';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import * as lit from 'eslint-plugin-lit';
import * as wc from 'eslint-plugin-wc';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** The house, top to bottom: a file imports only from its own floor and from those below it. */
const LAYERS = [
  'index.ts',
  'video-call.ts',
  'elements',
  'controllers',
  'layout',
  'i18n',
  'call',
  'engine',
  'signaling',
  'media',
  'protocol',
];

const layerZones = LAYERS.slice(1).map((layer, index) => ({
  target: `./src/${layer}`,
  from: LAYERS.slice(0, index + 1).map((upper) => `./src/${upper}`),
  message: 'Imports only point down: index, video-call, ' + LAYERS.slice(2).join(', ') + '.',
}));

/** Keeps a package behind the one file that adapts it, for `import` and `import()` alike. */
const only = (name, keeper) => ({
  files: ['src/**/*.ts', 'server/**/*.ts', 'demo/**/*.ts'],
  ignores: [keeper],
  rules: {
    'import-x/no-extraneous-dependencies': 'off',
    [`house/only-${name}`]: ['error', { name, keeper }],
  },
});

/** One small rule of our own, since no-restricted-imports does not see `import()`. */
const keepBehind = {
  meta: {
    type: 'problem',
    schema: [{ type: 'object' }],
    messages: { kept: 'Only {{keeper}} imports {{name}}: it is the adapter to that library.' },
  },
  create(context) {
    const [{ name, keeper }] = context.options;
    const check = (node) => {
      const from = node.source?.value;
      if (typeof from === 'string' && (from === name || from.startsWith(`${name}/`)))
        context.report({ node, messageId: 'kept', data: { name, keeper } });
    };
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      TSImportType: check,
    };
  },
};

const typed = (files, project) => ({
  files,
  languageOptions: { parserOptions: { project, tsconfigRootDir: import.meta.dirname } },
});

export default defineConfig(
  globalIgnores(['dist/', 'build/', 'coverage/', '.cache/']),
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: {
      'import-x': importX,
      house: {
        rules: {
          'only-peerjs': keepBehind,
          'only-peer': keepBehind,
          'only-@redis/client': keepBehind,
        },
      },
    },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
  },

  // Everything written in TypeScript, checked with its types.
  {
    files: ['**/*.ts'],
    extends: [
      js.configs.recommended,
      tseslint.configs.strictTypeChecked,
      tseslint.configs.stylisticTypeChecked,
    ],
    rules: {
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'all' },
      ],
      // `Record<never, never>` says "no parameters"; peerjs types its options as classes and enums.
      '@typescript-eslint/no-generated-empty-object-type': 'off',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      // An element's empty method is a legible default; `void promise()` says "on purpose".
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/prefer-nullish-coalescing': [
        'error',
        { ignorePrimitives: { string: true, boolean: true } },
      ],
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'import-x/no-self-import': 'error',
      'import-x/no-duplicates': 'error',
      'import-x/no-mutable-exports': 'error',
      'import-x/order': [
        'error',
        {
          groups: [['builtin', 'external'], 'parent', ['sibling', 'index']],
          'newlines-between': 'ignore',
        },
      ],
      eqeqeq: ['error', 'always'],
      'no-console': 'error',
      'no-eval': 'error',
      'no-implied-eval': 'off',
      'no-param-reassign': 'error',
      'prefer-const': 'error',
      'object-shorthand': 'error',
    },
  },
  typed(['src/**/*.ts', 'demo/**/*.ts'], './tsconfig.json'),
  typed(['server/**/*.ts'], './tsconfig.server.json'),
  typed(['test/**/*.ts', 'bench/**/*.ts'], './tsconfig.test.json'),
  typed(['**/vite.config.ts'], './tsconfig.tools.json'),

  // What we ship: one idea a file, layers, no default exports.
  {
    files: ['src/**/*.ts', 'server/**/*.ts'],
    rules: {
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      'import-x/no-default-export': 'error',
      'import-x/no-restricted-paths': [
        'error',
        {
          basePath: import.meta.dirname,
          zones: [
            ...layerZones,
            {
              target: './src',
              from: ['./server', './demo', './test', './bench'],
              message: 'The element knows nothing of the server, the demo or the tests.',
            },
            {
              target: './server',
              from: './src',
              except: ['./protocol'],
              message: 'The server shares src/protocol with the element, and nothing else.',
            },
            { target: './server', from: ['./demo', './test', './bench'] },
          ],
        },
      ],
    },
  },
  {
    files: ['src/protocol/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['window', 'document', 'navigator', 'location', 'process', 'Buffer'].map((name) => ({
          name,
          message: 'The protocol runs in browsers and in Node.',
        })),
      ],
    },
  },
  only('peerjs', 'src/signaling/peerjs.ts'),
  only('peer', 'server/peer-server.ts'),
  only('@redis/client', 'server/cluster/redis.ts'),

  // Lit and custom elements.
  {
    files: ['src/**/*.ts', 'demo/**/*.ts'],
    extends: [lit.configs['flat/recommended'], wc.configs['flat/best-practice']],
    settings: {
      wc: { elementBaseClasses: ['LitElement'] },
    },
    rules: {
      'lit/no-legacy-imports': 'error',
      'lit/no-this-assign-in-render': 'error',
      'lit/no-useless-template-literals': 'error',
      'lit/no-template-map': 'off',
      // The tag name is chosen where it is registered, never in the class.
      'wc/guard-super-call': 'off',
      'wc/file-name-matches-element': 'off',
    },
  },

  // Tests: a promise of chai, or of a callback that need not be awaited, is not a mistake.
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            // semantic-dom-diff types chai's equal() as if it returned a promise.
            'Equal',
            { from: 'package', package: 'node:test', name: ['test', 'it', 'describe', 'suite'] },
          ],
        },
      ],
      'no-console': 'off',
      'no-param-reassign': 'off',
      'import-x/no-default-export': 'off',
    },
  },

  // Plain JavaScript: tools that must run before anything is installed or compiled.
  {
    files: ['**/*.js', '**/*.mjs'],
    extends: [
      js.configs.recommended,
      tseslint.configs.recommended,
      tseslint.configs.disableTypeChecked,
    ],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'console',
          'process',
          'URL',
          'setTimeout',
          'clearTimeout',
          'setInterval',
          'clearInterval',
          'fetch',
          'AbortSignal',
        ].map((name) => [name, 'readonly']),
      ),
    },
    rules: {
      'import-x/no-cycle': 'error',
      eqeqeq: ['error', 'always'],
      'prefer-const': 'error',
      'object-shorthand': 'error',
    },
  },
  {
    // What these hand to a page runs there.
    files: ['test/**/*.mjs', 'bench/**/*.mjs', 'scripts/screenshot.mjs'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'document',
          'location',
          'window',
          'navigator',
          'performance',
          'requestAnimationFrame',
          'AudioContext',
          'MediaStream',
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
);
