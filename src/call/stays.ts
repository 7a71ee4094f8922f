import { examineNetwork, type CreateEngine } from '../engine/create-engine.ts';
import { createIdentity } from '../signaling/identity.ts';
import { checkConfig, type CallConfig } from './config.ts';
import { CallError } from './errors.ts';
import { fitting } from './fitting.ts';
import { Session, type SessionHost } from './session.ts';
import { isInCall, isJoining, type CallStatus } from './state.ts';

export interface StaysHost extends Omit<SessionHost, 'onFailed'> {
  readonly createEngine: CreateEngine;
  readonly onError: (error: CallError) => void;
}

/** From the lobby into a room, out of it and into the next one: one stay at a time. */
export class Stays {
  /** How the page wants the call to be now. */
  config: CallConfig;
  /** The stay that is, or is about to be. */
  session: Session | undefined;
  readonly #host: StaysHost;
  #joining: Promise<void> | undefined;
  #examination: AbortController | undefined;
  /** Counts joins and leaves: what belongs to an earlier one must not touch the state any more. */
  #generation = 0;

  constructor(config: CallConfig, host: StaysHost) {
    this.config = config;
    this.#host = host;
  }

  async enterLobby(): Promise<void> {
    const { store, devices } = this.#host;
    this.#generation++;
    try {
      checkConfig(this.config);
    } catch (error) {
      // Without a room there is nothing to do yet; the rest is known before anybody has clicked.
      const { code } = error as CallError;
      this.end(code === 'room-missing' ? 'idle' : 'failed', error as CallError);
      return;
    }
    store.update({ status: 'lobby', error: undefined, room: this.config.room });
    await devices.openWanted();
    void this.#examineNetwork();
    // Without an encoder to try, a call will show it.
    this.#examineMachine().catch(() => undefined);
  }

  async join(): Promise<void> {
    const isIn = isInCall(this.#host.store.state.status);
    const joining = isIn ? undefined : (this.#joining ??= this.#join());
    try {
      await joining;
    } finally {
      // Here and not in `#join()`, which may have failed before it is assigned above.
      if (this.#joining === joining) this.#joining = undefined;
    }
  }

  /** Out of the room and everything that leads there. */
  end(status: CallStatus, error?: CallError): void {
    const { store, notices, devices, onError } = this.#host;
    this.#examination?.abort();
    this.#drop();
    devices.stop();
    notices.clear();
    store.update({ status, error });
    if (error) onError(error);
  }

  /** Goes to the room and server that are configured now, from wherever the caller is. */
  move(): void {
    const { store } = this.#host;
    const { status } = store.state;
    if (isInCall(status) || isJoining(status)) {
      this.#drop();
      this.#host.notices.clear();
      // Out of the old room; whoever is in one does not join.
      store.update({ status: 'joining' });
      void this.join().catch(() => undefined);
    } else store.update({ room: this.config.room });
  }

  /** In the background, and only as long as the caller is in the lobby. */
  async #examineNetwork(): Promise<void> {
    const { store } = this.#host;
    const { server, iceServers, iceTransportPolicy } = this.config;
    if (store.state.status !== 'lobby' || !server) return;
    this.#examination?.abort();
    const abort = (this.#examination = new AbortController());
    const network = await examineNetwork(server, iceServers, iceTransportPolicy, abort.signal);
    if (!abort.signal.aborted) store.update({ network });
  }

  /** In the background: how much of a call this machine can encode. */
  async #examineMachine(): Promise<void> {
    const { store, devices } = this.#host;
    const [track] = devices.media.stream.getVideoTracks();
    if (store.state.status !== 'lobby' || store.state.fits || !track) return;
    const { measureEncodeTime } = await import('../media/encode-time.ts');
    const encodeTime = await measureEncodeTime(track);
    if (encodeTime) store.update(fitting({ encodeTime, uplink: Infinity }, store.state));
  }

  async #join(): Promise<void> {
    const { store, devices, createEngine, onError } = this.#host;
    const generation = ++this.#generation;
    this.#examination?.abort();
    store.update({ status: 'joining', error: undefined, room: this.config.room });
    try {
      const server = checkConfig(this.config);
      const [identity] = await Promise.all([createIdentity(), devices.openWanted()]);
      if (generation !== this.#generation) throw new CallError('cancelled');
      const onFailed = (error: CallError): void => {
        if (error.code === 'token-expired') onError(error);
        else this.end('failed', error);
      };
      const { room, iceServers, iceTransportPolicy, audioOnly } = this.config;
      this.session = new Session({ ...this.#host, onFailed }, createEngine, server, {
        identity,
        room,
        iceServers,
        iceTransportPolicy,
        receivesVideo: !audioOnly,
        quality: store.state.quality,
        pass: () => {
          const { local, remote, isLocked: locked } = store.state;
          const host = [local, ...remote].find((one) => one.role === 'moderator')?.id;
          return { token: this.config.token, name: local.name, host, locked };
        },
      });
      await this.session.engine.join();
    } catch (error) {
      // When it was left or joined again meanwhile, what is on the screen now is right.
      if (generation === this.#generation) this.end('failed', error as CallError);
      throw error;
    }
  }

  #drop(): void {
    this.#generation++;
    this.#joining = undefined;
    const { session } = this;
    this.session = undefined;
    session?.close();
  }
}
