import { preloadEngine, type CreateEngine } from '../engine/create-engine.ts';
import type { LinkStats } from '../engine/engine.ts';
import { captureError, type CaptureKind } from '../media/capture.ts';
import type { DeviceKind } from '../media/devices.ts';
import { LocalMedia } from '../media/local-media.ts';
import { checkConfig, clipName, type CallConfig } from './config.ts';
import { CallError } from './errors.ts';
import { initialState } from './initial-state.ts';
import { Notices } from './notices.ts';
import { Session } from './session.ts';
import type { CallState, CallStatus, ChatMessage } from './state.ts';
import { Store } from './store.ts';

const isInCall = (status: CallStatus): boolean => status === 'joined' || status === 'reconnecting';
const onOff = (isOn: boolean): 'on' | 'off' => (isOn ? 'on' : 'off');
const cancelled = (): CallError => new CallError('cancelled');

/** A call without a page: acts on requests, and says in its state what the browser and the network have confirmed. */
export class Call {
  readonly store: Store<CallState>;
  readonly #createEngine: CreateEngine;
  readonly #onError: (error: CallError) => void;
  readonly #media: LocalMedia;
  readonly #notices: Notices;
  #config: CallConfig;
  #session: Session | undefined;
  #joining: Promise<void> | undefined;
  /** Counts joins and leaves: what belongs to an earlier one must not touch the state any more. */
  #generation = 0;
  /** What the caller wants to be on; leaving and coming back does not change it. */
  readonly #wanted: Record<CaptureKind, boolean>;

  /** `onError` hears of everything that goes wrong, for the page; the caller sees it in the state. */
  constructor(config: CallConfig, createEngine: CreateEngine, onError: (error: CallError) => void) {
    this.#config = config;
    this.#createEngine = createEngine;
    this.#onError = onError;
    this.#wanted = { microphone: !config.startMuted, camera: !config.startCameraOff };
    this.#media = new LocalMedia({
      onTrack: (source, track) => this.#session?.engine.setTrack(source, track),
      onState: () => {
        this.#showLocal();
      },
      onDevices: (devices) => {
        this.store.update({ devices });
      },
      onRecovered: (kind, what) => {
        this.#notices.dismiss(`${kind}-ended`, `${kind}-replaced`);
        if (what !== 'back') this.#notices.add(`${kind}-${what}`, 'warning');
      },
    });
    this.store = new Store(initialState(config.room, clipName(config.name), this.#media.stream));
    this.#notices = new Notices(this.store);
  }

  get state(): CallState {
    return this.store.state;
  }

  /** Takes new wishes of the page over, in a running call too. A new room or server is entered by leaving the old one. */
  configure(config: CallConfig): void {
    const before = this.#config;
    this.#config = config;
    const changed = (key: keyof CallConfig): boolean => config[key] !== before[key];
    if (changed('name')) this.setName(config.name);
    if (changed('startMuted')) this.#want('microphone', !config.startMuted);
    if (changed('startCameraOff')) this.#want('camera', !config.startCameraOff);
    if (changed('iceServers') || changed('iceTransportPolicy'))
      this.#session?.engine.setIce(config.iceServers, config.iceTransportPolicy);
    if (changed('audioOnly')) this.#session?.engine.receiveVideo(!config.audioOnly);
    if (config.audioOnly || config.viewOnly) this.#media.stopScreen();
    if (!this.#mayCapture('camera')) this.#media.switchOff('camera');
    if (!this.#mayCapture('microphone')) this.#media.close('microphone');
    if (changed('audioOnly') || changed('viewOnly')) void this.#openWanted();
    if (changed('room') || changed('server')) this.#move();
  }

  /** Shows the caller to itself before joining: asks for camera and microphone, as far as the page wants them. */
  async enterLobby(): Promise<void> {
    this.#generation++;
    try {
      checkConfig(this.#config);
    } catch (error) {
      // Without a room there is nothing to do yet; the rest is known before anybody has clicked.
      const { code } = error as CallError;
      this.#end(code === 'room-missing' ? 'idle' : 'failed', error as CallError);
      return;
    }
    this.store.update({ status: 'lobby', error: undefined, room: this.#config.room });
    this.#media.start();
    preloadEngine();
    await this.#openWanted();
  }

  /** Enters the room. Does nothing when already there. Rejects with a CallError, which is in `state.error` too. */
  async join(name?: string): Promise<void> {
    if (name !== undefined) this.setName(name);
    if (isInCall(this.state.status)) return;
    const joining = (this.#joining ??= this.#join());
    try {
      await joining;
    } finally {
      // Here and not in `#join()`, which may have failed before it is assigned above.
      if (this.#joining === joining) this.#joining = undefined;
    }
  }

  /** Leaves at once, from any state; camera and microphone are released. */
  leave(): void {
    if (this.state.status !== 'idle') this.#end('left');
  }

  /** Switches microphone or camera; the promise is settled when the browser has done it or refused. */
  async toggle(kind: CaptureKind, on = !this.#media.isOn(kind)): Promise<void> {
    if (on && !this.#mayCapture(kind)) return;
    this.#wanted[kind] = on;
    this.#notices.dismiss(
      `${kind}-denied`,
      `${kind}-missing`,
      `${kind}-in-use`,
      `${kind}-ended`,
      `${kind}-replaced`,
    );
    if (!on) {
      this.#media.switchOff(kind);
      return;
    }
    await this.#whilePending(kind, async () => {
      const [error] = await this.#media.open([kind]);
      if (error) throw this.#tell(error);
    });
  }

  async toggleScreen(on = this.state.local.screen === 'off'): Promise<void> {
    if (!on) {
      this.#media.stopScreen();
      return;
    }
    if (this.#config.viewOnly || this.#config.audioOnly) return;
    await this.#whilePending('screen', () => this.#media.startScreen());
  }

  async chooseDevice(kind: DeviceKind, id: string): Promise<void> {
    try {
      await this.#media.choose(kind, id);
    } catch (error) {
      throw this.#tell(captureError(kind === 'camera' ? 'camera' : 'microphone', error));
    }
  }

  /** Asks once more for what was refused or missing. */
  async retryDevices(): Promise<void> {
    this.#notices.dismiss(...this.state.notices.map(({ code }) => code));
    await this.#openWanted();
  }

  setName(name: string): void {
    const clipped = clipName(name);
    if (clipped === this.state.local.name) return;
    this.store.update({ local: { ...this.state.local, name: clipped } });
    this.#session?.sendPresence();
  }

  /** Throws a CallError when the text cannot be sent. */
  sendMessage(text: string, to?: string): ChatMessage {
    if (!this.#session || !isInCall(this.state.status)) throw new CallError('not-joined');
    return this.#session.write(text, to);
  }

  dismissNotice(code: string): void {
    this.#notices.dismiss(code);
  }

  /** How loud a participant is now, 0 to 1. Before the call: the caller's own microphone, whatever the id. */
  level(id: string): number {
    return this.#session?.level(id) ?? this.#media.level();
  }

  async stats(id: string): Promise<LinkStats | undefined> {
    return this.#session?.stats(id);
  }

  async #join(): Promise<void> {
    const generation = ++this.#generation;
    this.store.update({ status: 'joining', error: undefined, room: this.#config.room });
    try {
      const server = checkConfig(this.#config);
      this.#media.start();
      await this.#openWanted();
      if (generation !== this.#generation) throw cancelled();
      const { store } = this;
      const host = {
        store,
        notices: this.#notices,
        media: this.#media,
        onFailed: (error: CallError) => {
          this.#end('failed', error);
        },
      };
      const { room, iceServers, iceTransportPolicy, audioOnly } = this.#config;
      this.#session = new Session(host, this.#createEngine, server, {
        room,
        iceServers,
        iceTransportPolicy,
        receivesVideo: !audioOnly,
      });
      await this.#session.engine.join();
    } catch (error) {
      // When it was left or joined again meanwhile, what is on the screen now is right.
      if (generation === this.#generation) this.#end('failed', error as CallError);
      throw error;
    }
  }

  #end(status: CallStatus, error?: CallError): void {
    this.#generation++;
    this.#joining = undefined;
    const session = this.#session;
    this.#session = undefined;
    session?.close();
    this.#media.stop();
    this.#notices.clear();
    const pending = { microphone: false, camera: false, screen: false };
    this.store.update({ status, error, pending });
    if (error) this.#onError(error);
  }

  /** Goes to the room and server that are configured now, from wherever the caller is. */
  #move(): void {
    const { status } = this.state;
    if (status === 'joined' || status === 'reconnecting' || status === 'joining') {
      this.#generation++;
      this.#joining = undefined;
      this.#session?.close();
      this.#session = undefined;
      // Out of the old room; whoever is in one does not join.
      this.store.update({ status: 'joining' });
      void this.join().catch(() => undefined);
    } else this.store.update({ room: this.#config.room });
  }

  #mayCapture(kind: CaptureKind): boolean {
    return !this.#config.viewOnly && !(kind === 'camera' && this.#config.audioOnly);
  }

  #want(kind: CaptureKind, on: boolean): void {
    this.#wanted[kind] = on;
    const isHere = this.state.status === 'lobby' || isInCall(this.state.status);
    if (isHere) void this.toggle(kind, on).catch(() => undefined);
  }

  async #openWanted(): Promise<void> {
    const isHere = this.state.status === 'lobby' || this.state.status === 'joining';
    if (!isHere && !isInCall(this.state.status)) return;
    const kinds = (['microphone', 'camera'] as const).filter(
      (kind) => this.#wanted[kind] && this.#mayCapture(kind) && !this.#media.isOn(kind),
    );
    for (const error of await this.#media.open(kinds)) this.#tell(error);
  }

  #tell(error: CallError): CallError {
    this.#notices.add(error.code, 'error', error.detail);
    this.#onError(error);
    return error;
  }

  async #whilePending(kind: keyof CallState['pending'], work: () => Promise<void>): Promise<void> {
    this.store.update({ pending: { ...this.state.pending, [kind]: true } });
    try {
      await work();
    } finally {
      this.store.update({ pending: { ...this.state.pending, [kind]: false } });
    }
  }

  #showLocal(): void {
    const screenStream = this.#media.screenStream;
    this.store.update({
      local: {
        ...this.state.local,
        microphone: onOff(this.#media.isOn('microphone')),
        camera: onOff(this.#media.isOn('camera')),
        screen: onOff(screenStream !== undefined),
        screenStream,
      },
    });
    this.#session?.sendPresence();
  }
}
