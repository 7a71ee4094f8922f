import { esbuildPlugin } from '@web/dev-server-esbuild';
import { defaultReporter } from '@web/test-runner';
import { chromeLauncher } from '@web/test-runner-chrome';
import { CALL_FLAGS, findBrowser } from './scripts/lib/browser.mjs';
import { countingReporter } from './scripts/lib/wtr-counts.mjs';

// What of src/ can be tested in one page, without a server.
const FOLDERS = 'elements,layout,protocol,controllers,media,call,engine,signaling,i18n';
const { TEST_FILES, TEST_COUNTS } = process.env;

export default {
  files: TEST_FILES ? TEST_FILES.split('\n') : `test/{${FOLDERS}}/**/*.test.ts`,
  // Lit, peerjs and chai as packages; Lit's development build, which warns of mistakes (once each, as a log).
  nodeResolve: { exportConditions: ['development', 'browser'] },
  plugins: [
    // esbuild does not follow "extends": the decorators' options are in the base.
    esbuildPlugin({ ts: true, target: 'es2022', tsconfig: './tsconfig.base.json' }),
  ],
  browsers: [
    chromeLauncher({
      launchOptions: {
        executablePath: findBrowser(),
        args: [...CALL_FLAGS],
      },
      // A window of its own for each: a page behind another one gets no animation frames and no sizes.
      createPage: async ({ browser }) => (await browser.createBrowserContext()).newPage(),
      concurrency: 2,
    }),
  ],
  concurrency: 2,
  browserStartTimeout: 60_000,
  testsStartTimeout: 30_000,
  testsFinishTimeout: 120_000,
  testFramework: { config: { ui: 'bdd', timeout: 10_000 } },
  filterBrowserLogs: ({ args }) =>
    !args.some((arg) => typeof arg === 'string' && arg.includes('Lit is in dev mode')),
  reporters: [
    defaultReporter({ reportTestResults: true, reportTestProgress: false }),
    ...(TEST_COUNTS ? [countingReporter(TEST_COUNTS)] : []),
  ],
};
