import { examineNetwork, preloadEngine, type CreateEngine } from '../engine/create-engine.ts';
import type { CaptureKind } from '../media/capture.ts';
import type { CameraNeed } from '../media/camera-size.ts';
import type { DeviceKind } from '../media/devices.ts';
import type { ModeratorAction } from '../protocol/moderation.ts';
import type { Source } from '../protocol/signal.ts';
import { checkConfig, clipName, type CallConfig } from './config.ts';
import { CallError } from './errors.ts';
import { initialState } from './initial-state.ts';
import { Notices } from './notices.ts';
import { OwnDevices } from './own-devices.ts';
import { Session } from './session.ts';
import type {
  CallState,
  CallStatus,
  ChatMessage,
  ParticipantStats,
  QualityCeiling,
} from './state.ts';
import { Store } from './store.ts';
import type { ShownPicture } from './views.ts';

const isInCall = (status: CallStatus): boolean => status === 'joined' || status === 'reconnecting';
const isJoining = (status: CallStatus): boolean => status === 'joining' || status === 'waiting';
const cancelled = (): CallError => new CallError('cancelled');

/** A call without a page: acts on requests, and says in its state what the browser and the network have confirmed. */
export class Call {
  readonly store: Store<CallState>;
  readonly #createEngine: CreateEngine;
  readonly #onError: (error: CallError) => void;
  readonly #notices: Notices;
  readonly #devices: OwnDevices;
  #config: CallConfig;
  /** Of the caller's own picture on the screen. */
  #ownLines = Infinity;
  #session: Session | undefined;
  #joining: Promise<void> | undefined;
  #examination: AbortController | undefined;
  /** Counts joins and leaves: what belongs to an earlier one must not touch the state any more. */
  #generation = 0;

  /** `onError` hears of everything that goes wrong, for the page; the caller sees it in the state. */
  constructor(config: CallConfig, createEngine: CreateEngine, onError: (error: CallError) => void) {
    this.#config = config;
    this.#createEngine = createEngine;
    this.#onError = onError;
    const stream = new MediaStream();
    this.store = new Store(initialState(config, stream));
    this.#notices = new Notices(this.store);
    const host = {
      store: this.store,
      notices: this.#notices,
      onTrack: (source: Source, track: MediaStreamTrack | undefined) =>
        this.#session?.engine.setTrack(source, track),
      onChange: () => this.#session?.sendPresence(),
      onResize: () => this.#session?.engine.adjust(),
      onError,
    };
    this.#devices = new OwnDevices(config, host, stream);
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
    if (changed('quality')) this.setQuality(config.quality);
    if (changed('audioOnly')) this.#session?.engine.receiveVideo(!config.audioOnly);
    if (changed('token')) this.#session?.engine.rejoin();
    this.#devices.limit(config);
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
    preloadEngine();
    await this.#openWanted();
    void this.#examineNetwork();
  }

  /** Enters the room. Does nothing when already there. Rejects with a CallError, which is in `state.error` too. */
  async join(name?: string): Promise<void> {
    const isIn = isInCall(this.state.status);
    const joining = isIn ? undefined : (this.#joining ??= this.#join());
    if (name !== undefined) this.setName(name);
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
  toggle(kind: CaptureKind, on?: boolean): Promise<void> {
    return this.#devices.toggle(kind, on);
  }

  /** Shares a screen beside the camera, or stops that. */
  toggleScreen(on?: boolean): Promise<void> {
    return this.#devices.toggleScreen(on);
  }

  chooseDevice(kind: DeviceKind, id: string): Promise<void> {
    return this.#devices.choose(kind, id);
  }

  /** Asks once more for what was refused or missing. */
  retryDevices(): Promise<void> {
    return this.#devices.retry();
  }

  setName(name: string): void {
    const clipped = clipName(name);
    if (clipped === this.state.local.name) return;
    this.store.update({ local: { ...this.state.local, name: clipped } });
    this.#session?.sendPresence();
  }

  /** Ceiling of what is sent and asked for from now on. */
  setQuality(quality: QualityCeiling): void {
    this.store.update({ quality });
    this.#session?.limitQuality(quality);
  }

  /** Takes somebody's picture, or no more: then it is not sent either. */
  receiveVideo(id: string, isWanted: boolean): void {
    this.#session?.receiveVideo(id, isWanted);
  }

  /** What is on the screen now (undefined when nobody knows), and the lines of the caller's own picture there. */
  show(pictures: readonly ShownPicture[] | undefined, ownLines: number): void {
    this.#ownLines = ownLines;
    this.#session?.show(pictures);
  }

  /** Throws a CallError when the text cannot be sent. */
  sendMessage(text: string, to?: string): ChatMessage {
    if (!this.#session || !isInCall(this.state.status)) throw new CallError('not-joined');
    return this.#session.write(text, to);
  }

  /** Asks the server for something as a moderator. Rejects with a CallError when it is not done. */
  async moderate(action: ModeratorAction): Promise<void> {
    if (!this.#session) throw new CallError('not-joined');
    await this.#session.engine.moderate(action);
    // The others are out of the room by now.
    if (action.action === 'end') this.leave();
  }

  dismissNotice(code: string): void {
    this.#notices.dismiss(code);
  }

  /** How loud a participant is now, 0 to 1. Before the call: the caller's own microphone, whatever the id. */
  level(id: string): number {
    return this.#session?.level(id) ?? this.#devices.media.level();
  }

  /** Numbers about the link to each participant, as the browser counts them. */
  async stats(): Promise<readonly ParticipantStats[]> {
    const all = this.state.remote.map(async ({ id }) => {
      const stats = await this.#session?.stats(id);
      return stats ? [{ id, ...stats }] : [];
    });
    return (await Promise.all(all)).flat();
  }

  /** In the background, and only as long as the caller is in the lobby. */
  async #examineNetwork(): Promise<void> {
    const { server, iceServers, iceTransportPolicy } = this.#config;
    if (this.state.status !== 'lobby' || !server) return;
    this.#examination?.abort();
    const abort = (this.#examination = new AbortController());
    const network = await examineNetwork(server, iceServers, iceTransportPolicy, abort.signal);
    if (!abort.signal.aborted) this.store.update({ network });
  }

  async #join(): Promise<void> {
    const generation = ++this.#generation;
    this.#examination?.abort();
    this.store.update({ status: 'joining', error: undefined, room: this.#config.room });
    try {
      const server = checkConfig(this.#config);
      await this.#openWanted();
      if (generation !== this.#generation) throw cancelled();
      const { store } = this;
      const host = {
        store,
        notices: this.#notices,
        media: this.#devices.media,
        onFailed: (error: CallError) => {
          if (error.code === 'token-expired') this.#onError(error);
          else this.#end('failed', error);
        },
        onRole: () => {
          this.#devices.limit(this.#config);
        },
        onNeed: ({ lines, frameRate }: CameraNeed) => {
          this.#devices.media.needCamera({ lines: Math.max(lines, this.#ownLines), frameRate });
        },
        onMute: () => {
          void this.toggle('microphone', false);
          this.#notices.add('muted-by-moderator', 'info');
        },
      };
      const { room, iceServers, iceTransportPolicy, audioOnly } = this.#config;
      this.#session = new Session(host, this.#createEngine, server, {
        room,
        iceServers,
        iceTransportPolicy,
        receivesVideo: !audioOnly,
        quality: this.state.quality,
        pass: () => {
          const { local, remote, isLocked: locked } = this.state;
          const host = [local, ...remote].find((one) => one.role === 'moderator')?.id;
          return { token: this.#config.token, name: local.name, host, locked };
        },
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
    this.#examination?.abort();
    this.#joining = undefined;
    const session = this.#session;
    this.#session = undefined;
    session?.close();
    this.#devices.stop();
    this.#notices.clear();
    this.store.update({ status, error });
    if (error) this.#onError(error);
  }

  /** Goes to the room and server that are configured now, from wherever the caller is. */
  #move(): void {
    const { status } = this.state;
    if (isInCall(status) || isJoining(status)) {
      this.#generation++;
      this.#joining = undefined;
      this.#session?.close();
      this.#session = undefined;
      // Out of the old room; whoever is in one does not join.
      this.store.update({ status: 'joining' });
      void this.join().catch(() => undefined);
    } else this.store.update({ room: this.#config.room });
  }

  #want(kind: CaptureKind, on: boolean): void {
    this.#devices.want(kind, on);
    const isHere = this.state.status === 'lobby' || isInCall(this.state.status);
    if (isHere) void this.toggle(kind, on).catch(() => undefined);
  }

  /** Nothing is opened for someone who is not about to be in a call. */
  async #openWanted(): Promise<void> {
    const { status } = this.state;
    if (status === 'lobby' || isJoining(status) || isInCall(status))
      await this.#devices.openWanted();
  }
}
