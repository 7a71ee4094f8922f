import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { VideoCallElement } from '../../../src/video-call.ts';
import { watchConnections } from '../../e2e/harness/person.ts';
import { observe } from '../../e2e/harness/seen.ts';
import type { Outcome, Task } from './firefox-driver.ts';
import { watchFrames } from './frames.ts';
import { CallServer } from './programs.ts';
import { watch } from './trace.ts';

/** Runs in the page: Firefox has no screen to share without a display; a canvas that moves stands in for it. */
function shareCanvas(): void {
  MediaDevices.prototype.getDisplayMedia = () => {
    const canvas = document.createElement('canvas');
    canvas.width = 320;
    canvas.height = 180;
    const paper = canvas.getContext('2d')!;
    let frame = 0;
    setInterval(() => {
      paper.fillStyle = `hsl(${String(frame++ * 10)} 80% 50%)`;
      paper.fillRect(0, 0, canvas.width, canvas.height);
    }, 100);
    return Promise.resolve(canvas.captureStream(10));
  };
}

const driver = fileURLToPath(new URL('firefox-driver.ts', import.meta.url));

/** Path of an installed Firefox. */
export function findFirefox(): string | undefined {
  const { stdout } = spawnSync('sh', ['-c', 'command -v firefox-esr || command -v firefox'], {
    encoding: 'utf8',
  });
  return stdout.trim() || undefined;
}

/** Somebody in Firefox; what the tests of two browsers need of a `Person`. */
export class FirefoxPerson {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, (outcome: Outcome) => void>();
  #tasks = 0;

  readonly page = {
    evaluate: <T>(task: () => T | Promise<T>): Promise<T> => this.#do(`(${String(task)})()`),
  };

  private constructor(child: ChildProcess) {
    this.#process = child;
    child.on('message', (outcome: Outcome) => {
      this.#waiting.get(outcome.id)?.(outcome);
      this.#waiting.delete(outcome.id);
    });
  }

  /** Opens a page with the element, in this namespace. */
  static async open(namespace: string, attributes: string): Promise<FirefoxPerson> {
    const scripts = [
      // tsx names inner functions by a helper, which the page does not have.
      '() => { globalThis.__name ??= (target) => target; }',
      ...[watchConnections, observe, watchFrames, shareCanvas].map(String),
      ...(process.env['LAB_TRACE'] ? [String(watch)] : []),
    ];
    const child = spawn(
      'ip',
      [
        ...['netns', 'exec', namespace, process.execPath, '--import', 'tsx', driver],
        ...[findFirefox() ?? '', CallServer.url, attributes],
        ...scripts.map((script) => `(${script})()`),
      ],
      // Firefox makes its profile folder there, and removes it.
      { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], env: { ...process.env, HOME: '/root' } },
    );
    const person = new FirefoxPerson(child);
    const isUp = new Promise((resolve) => person.#waiting.set(0, resolve));
    const exit = once(child, 'exit').then(() => assert.fail('Firefox does not start.'));
    await Promise.race([isUp, exit]);
    exit.catch(() => undefined);
    return person;
  }

  /** Runs in the page with the element. */
  run<T, A>(
    task: (element: VideoCallElement, argument: A) => T | Promise<T>,
    argument: A,
  ): Promise<T> {
    const value = argument === undefined ? 'undefined' : JSON.stringify(argument);
    return this.#do(
      `customElements.whenDefined('video-call').then(() => (${String(task)})(document.querySelector('video-call'), ${value}))`,
    );
  }

  async close(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const exit = once(this.#process, 'exit');
    this.#process.disconnect();
    await exit;
  }

  #do<T>(code: string): Promise<T> {
    const id = ++this.#tasks;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ value, error }) => {
        if (error === undefined) resolve(value as T);
        else reject(new Error(error));
      });
      this.#process.send({ id, code } satisfies Task);
    });
  }
}
