import type { CreateEngine } from '../engine/create-engine.ts';
import type { CaptureKind } from '../media/capture.ts';
import { isEmoji } from '../protocol/channel.ts';
import type { ModeratorAction } from '../protocol/moderation.ts';
import type { Source } from '../protocol/signal.ts';
import { clipName, type CallConfig } from './config.ts';
import { CallError } from './errors.ts';
import { initialState } from './initial-state.ts';
import { Notices } from './notices.ts';
import { OwnDevices } from './own-devices.ts';
import type { Session } from './session.ts';
import {
  isInCall,
  isJoining,
  type CallState,
  type ChatMessage,
  type ParticipantStats,
  type QualityCeiling,
} from './state.ts';
import { Stays } from './stays.ts';
import { Store } from './store.ts';
import type { ShownPicture } from './views.ts';

/** A call without a page: acts on requests, and says in its state what the browser and the network have confirmed. */
export class Call {
  readonly store: Store<CallState>;
  /** What the caller is told at the moment. */
  readonly notices: Notices;
  /** The caller's own camera, microphone and screen. */
  readonly devices: OwnDevices;
  readonly #stays: Stays;

  /** `onError` hears of everything that goes wrong, for the page; the caller sees it in the state. */
  constructor(config: CallConfig, createEngine: CreateEngine, onError: (error: CallError) => void) {
    const stream = new MediaStream();
    this.store = new Store(initialState(config, stream));
    this.notices = new Notices(this.store);
    const host = {
      store: this.store,
      notices: this.notices,
      onTrack: (source: Source, track: MediaStreamTrack | undefined) =>
        this.#session?.engine.setTrack(source, track),
      onChange: () => this.#session?.sendPresence(),
      onResize: () => this.#session?.engine.adjust(),
      onError,
    };
    const devices = (this.devices = new OwnDevices(config, host, stream));
    this.#stays = new Stays(config, { ...host, devices, createEngine });
  }

  get state(): CallState {
    return this.store.state;
  }

  get #session(): Session | undefined {
    return this.#stays.session;
  }

  /** Takes new wishes of the page over, in a running call too. A new room or server is entered by leaving the old one. */
  configure(config: CallConfig): void {
    const before = this.#stays.config;
    this.#stays.config = config;
    const changed = (key: keyof CallConfig): boolean => config[key] !== before[key];
    if (changed('name')) this.setName(config.name);
    if (changed('startMuted')) this.#want('microphone', !config.startMuted);
    if (changed('startCameraOff')) this.#want('camera', !config.startCameraOff);
    if (changed('iceServers') || changed('iceTransportPolicy'))
      this.#session?.engine.setIce(config.iceServers, config.iceTransportPolicy);
    if (changed('quality')) this.setQuality(config.quality);
    if (changed('audioOnly')) this.#session?.engine.receiveVideo(!config.audioOnly);
    if (changed('token')) this.#session?.engine.rejoin();
    this.devices.limit(config);
    if (changed('audioOnly') || changed('viewOnly')) this.#openWanted();
    if (changed('room') || changed('server')) this.#stays.move();
  }

  /** Shows the caller to itself before joining: asks for camera and microphone, as far as the page wants them. */
  enterLobby(): Promise<void> {
    return this.#stays.enterLobby();
  }

  /** Enters the room. Does nothing when already there. Rejects with a CallError, which is in `state.error` too. */
  async join(name?: string): Promise<void> {
    const joining = this.#stays.join();
    if (name !== undefined) this.setName(name);
    await joining;
  }

  /** Leaves at once, from any state; camera and microphone are released. */
  leave(): void {
    if (this.state.status !== 'idle') this.#stays.end('left');
  }

  setName(name: string): void {
    const clipped = clipName(name);
    if (clipped === this.state.local.name || this.state.isNameFixed) return;
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
    this.#session?.lighting.receive(id, isWanted);
  }

  /** What is on the screen now (undefined when nobody knows), and the lines of the caller's own picture there. */
  show(pictures: readonly ShownPicture[] | undefined, ownLines: number): void {
    this.devices.ownLines = ownLines;
    this.#session?.show(pictures);
  }

  /** Throws a CallError when the text cannot be sent. */
  sendMessage(text: string, to?: string): ChatMessage {
    return this.#stay.write(text, to);
  }

  /** Throws a CallError for what is no emoji. */
  sendReaction(emoji: string): void {
    if (!isEmoji(emoji)) throw new CallError('reaction-invalid', JSON.stringify(emoji));
    this.#stay.react(emoji);
  }

  raiseHand(on = !this.state.local.handRaised): void {
    const stay = this.#stay;
    this.store.update({ local: { ...this.state.local, handRaised: on } });
    stay.sendPresence();
  }

  /** Asks the server for something as a moderator. Rejects with a CallError when it is not done. */
  async moderate(action: ModeratorAction): Promise<void> {
    try {
      if (!this.#session) throw new CallError('not-joined');
      await this.#session.engine.moderate(action);
    } catch (error) {
      this.notices.add((error as CallError).code, 'warning');
      throw error;
    }
    // The others are out of the room by now.
    if (action.action === 'end') this.leave();
  }

  /** How loud a participant is now, 0 to 1. Before the call: the caller's own microphone, whatever the id. */
  level(id: string): number {
    return this.#session?.level(id) ?? this.devices.media.level();
  }

  /** Numbers about the link to each participant, as the browser counts them. */
  async stats(): Promise<readonly ParticipantStats[]> {
    const all = this.state.remote.map(async ({ id }) => {
      const stats = await this.#session?.engine.stats(id);
      return stats ? [{ id, ...stats }] : [];
    });
    return (await Promise.all(all)).flat();
  }

  /** Throws a CallError outside a call. */
  get #stay(): Session {
    if (!this.#session || !isInCall(this.state.status)) throw new CallError('not-joined');
    return this.#session;
  }

  #want(kind: CaptureKind, on: boolean): void {
    this.devices.want(kind, on);
    if (this.#isHere) void this.devices.toggle(kind, on).catch(() => undefined);
  }

  #openWanted(): void {
    if (this.#isHere) void this.devices.openWanted();
  }

  /** Nothing is opened for someone who is not about to be in a call. */
  get #isHere(): boolean {
    const { status } = this.state;
    return status === 'lobby' || isJoining(status) || isInCall(status);
  }
}
