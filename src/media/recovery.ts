import type { CaptureKind } from './capture.ts';
import type { DeviceState } from './devices.ts';

/** What became of a device that stopped by itself. */
export type Recovered =
  /** It is off, until it returns or the caller does something. */
  | 'ended'
  /** Another one took its place. */
  | 'replaced'
  /** It is back. */
  | 'back';

export interface RecoveryHost {
  /** Opens this device and no other, if it is still lost by then; false when that fails. */
  reopen(kind: CaptureKind, id: string): Promise<boolean>;
  onRecovered(kind: CaptureKind, what: Recovered): void;
}

/**
 * Takes devices back that were unplugged, or taken by another program, while they were on. A microphone is replaced by
 * the default one meanwhile, so that the call goes on; a camera is not, since nobody expects another view of the room.
 */
export class DeviceRecovery {
  readonly #host: RecoveryHost;
  readonly #lost = new Map<CaptureKind, string>();

  constructor(host: RecoveryHost) {
    this.#host = host;
  }

  /** A device that was on has stopped by itself. */
  async lose(kind: CaptureKind, id: string): Promise<void> {
    this.#lost.set(kind, id);
    // It may be there still: its driver crashed, or another program only passed by.
    if (await this.#take(kind, id)) return;
    const isReplaced =
      kind === 'microphone' && (await this.#mayOpen(kind)) && (await this.#host.reopen(kind, ''));
    if (this.#lost.has(kind)) this.#host.onRecovered(kind, isReplaced ? 'replaced' : 'ended');
  }

  /** Devices came or went. */
  async check(available: DeviceState['available']): Promise<void> {
    for (const [kind, id] of this.#lost)
      if (available[kind].some((device) => device.id === id)) await this.#take(kind, id);
  }

  /** It has stopped by itself, and the caller has not decided about it since. */
  isLost(kind: CaptureKind): boolean {
    return this.#lost.has(kind);
  }

  /** The caller has decided about this kind: nothing is to be taken back any more. */
  forget(kind: CaptureKind): void {
    this.#lost.delete(kind);
  }

  async #take(kind: CaptureKind, id: string): Promise<boolean> {
    if (!(await this.#mayOpen(kind)) || !(await this.#host.reopen(kind, id))) return false;
    if (this.#lost.delete(kind)) this.#host.onRecovered(kind, 'back');
    return true;
  }

  /** Never by surprise: a question of the browser, long after the click that it belongs to, would be one. */
  async #mayOpen(kind: CaptureKind): Promise<boolean> {
    try {
      const { state } = await navigator.permissions.query({ name: kind });
      return state === 'granted' && this.#lost.has(kind);
    } catch {
      // A browser that does not know these names cannot say.
      return false;
    }
  }
}
