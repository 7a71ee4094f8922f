import type { CameraNeed } from '../media/camera-size.ts';
import { captureError, type CaptureKind } from '../media/capture.ts';
import type { DeviceKind } from '../media/devices.ts';
import { LocalMedia } from '../media/local-media.ts';
import type { Source } from '../protocol/signal.ts';
import type { CallConfig } from './config.ts';
import type { CallError } from './errors.ts';
import type { Notices } from './notices.ts';
import type { CallState } from './state.ts';
import type { Store } from './store.ts';

export interface OwnDevicesHost {
  readonly store: Store<CallState>;
  readonly notices: Notices;
  onTrack(source: Source, track: MediaStreamTrack | undefined): void;
  /** What is on has changed: the others are to be told. */
  onChange(): void;
  onError(error: CallError): void;
  /** The camera's picture has another size. */
  readonly onResize: () => void;
}

type Limits = Pick<CallConfig, 'audioOnly' | 'viewOnly'>;

/** Milliseconds; nobody answers a question of the browser sooner. */
const HUMAN = 300;

const onOff = (isOn: boolean): 'on' | 'off' => (isOn ? 'on' : 'off');

/** The caller's own camera, microphone and screen: what is wanted, what the page allows, and what the state says of it. */
export class OwnDevices {
  readonly media: LocalMedia;
  readonly #host: OwnDevicesHost;
  #limits: Limits;
  /** What the caller wants to be on; leaving and coming back does not change it. */
  readonly #wanted: Record<CaptureKind, boolean>;
  /** Lines of the caller's own picture on the screen. */
  ownLines = Infinity;

  constructor(config: CallConfig, host: OwnDevicesHost, stream: MediaStream) {
    this.#host = host;
    this.#limits = config;
    this.#wanted = { microphone: !config.startMuted, camera: !config.startCameraOff };
    this.media = new LocalMedia(
      {
        onTrack: (source, track) => {
          host.onTrack(source, track);
        },
        onState: () => {
          this.#show();
        },
        onDevices: (devices) => {
          host.store.update({ devices });
        },
        onResize: host.onResize,
        onRecovered: (kind, what) => {
          host.notices.dismiss(`${kind}-ended`, `${kind}-replaced`);
          if (what !== 'back') host.notices.add(`${kind}-${what}`, 'warning');
        },
      },
      stream,
    );
  }

  /** The page or the room allows more or less than before: what it forbids is switched off, what is wanted and allowed again is not. */
  limit(limits = this.#limits): void {
    this.#limits = limits;
    if (!this.#mayOpen('camera')) {
      this.media.stopScreen();
      this.media.switchOff('camera');
    }
    if (!this.#mayOpen('microphone')) this.media.close('microphone');
  }

  /** The page's wish for how to start; nothing is switched by it. */
  want(kind: CaptureKind, on: boolean): void {
    this.#wanted[kind] = on;
  }

  /** Switches on what is wanted, allowed and off. What goes wrong is told, not thrown. */
  async openWanted(): Promise<void> {
    this.media.start();
    const kinds = (['microphone', 'camera'] as const).filter(
      (kind) => this.#wanted[kind] && this.#mayOpen(kind) && !this.media.isOn(kind),
    );
    if (kinds.length > 0) for (const error of await this.#open(kinds)) this.#tell(error);
  }

  /** Switches microphone or camera; the promise is settled when the browser has done it or refused. */
  async toggle(kind: CaptureKind, on = !this.media.isOn(kind)): Promise<void> {
    if (on && !this.#mayOpen(kind)) return;
    this.#wanted[kind] = on;
    this.#forgetProblems(kind);
    if (!on) {
      this.media.switchOff(kind);
      return;
    }
    const [error] = await this.#open([kind]);
    if (error) throw this.#tell(error);
  }

  /** Asks once more for what was refused or missing. */
  async retry(): Promise<void> {
    this.#forgetProblems('microphone');
    this.#forgetProblems('camera');
    await this.openWanted();
  }

  /** Shares a screen beside the camera, or stops that. */
  async toggleScreen(on = this.media.screenStream === undefined): Promise<void> {
    if (!on) this.media.stopScreen();
    else if (this.#mayOpen('camera')) {
      const asked = performance.now();
      try {
        await this.#whilePending(['screen'], () => this.media.startScreen());
      } catch (error) {
        // A person who has chosen nothing knows; browsers have the same error for that as for what they or the system forbid.
        if (performance.now() - asked < HUMAN) throw this.#tell(error as CallError);
        throw error;
      }
    }
  }

  async choose(kind: DeviceKind, id: string): Promise<void> {
    try {
      await this.media.choose(kind, id);
    } catch (error) {
      throw this.#tell(captureError(kind === 'camera' ? 'camera' : 'microphone', error));
    }
  }

  /** The others have use for so much of the camera's picture, and the caller may see more of it. */
  needCamera({ lines, frameRate }: CameraNeed): void {
    this.media.needCamera({ lines: Math.max(lines, this.ownLines), frameRate });
  }

  /** Releases everything. */
  stop(): void {
    this.media.stop();
    this.#host.store.update({ pending: { microphone: false, camera: false, screen: false } });
  }

  #mayOpen(kind: CaptureKind): boolean {
    const { viewOnly, audioOnly } = this.#limits;
    const isViewer = this.#host.store.state.local.role === 'viewer';
    return !viewOnly && !isViewer && !(kind === 'camera' && audioOnly);
  }

  async #open(kinds: readonly CaptureKind[]): Promise<readonly CallError[]> {
    const errors = await this.#whilePending(kinds, () => this.media.open(kinds));
    // Switched off, or forbidden, while the browser was still asking.
    for (const kind of kinds)
      if (!this.#wanted[kind] || !this.#mayOpen(kind)) this.media.switchOff(kind);
    return errors;
  }

  #forgetProblems(kind: CaptureKind): void {
    const problems = ['denied', 'missing', 'in-use', 'ended', 'replaced'];
    this.#host.notices.dismiss(...problems.map((problem) => `${kind}-${problem}`));
  }

  #tell(error: CallError): CallError {
    this.#host.notices.add(error.code, 'error', error.detail);
    this.#host.onError(error);
    return error;
  }

  async #whilePending<T>(
    kinds: readonly (keyof CallState['pending'])[],
    work: () => Promise<T>,
  ): Promise<T> {
    const { store } = this.#host;
    const set = (isPending: boolean): void => {
      const news = Object.fromEntries(kinds.map((kind) => [kind, isPending]));
      store.update({ pending: { ...store.state.pending, ...news } });
    };
    set(true);
    try {
      return await work();
    } finally {
      set(false);
    }
  }

  #show(): void {
    const { store } = this.#host;
    const { media } = this;
    store.update({
      local: {
        ...store.state.local,
        microphone: onOff(media.isOn('microphone')),
        camera: onOff(media.isOn('camera')),
        screen: onOff(media.screenStream !== undefined),
        screenStream: media.screenStream,
      },
    });
    this.#host.onChange();
  }
}
