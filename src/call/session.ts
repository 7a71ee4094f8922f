import type { CreateEngine } from '../engine/create-engine.ts';
import type { CallEngine, EngineConfig, EngineEvents, EngineListener } from '../engine/engine.ts';
import type { PresenceMessage } from '../protocol/channel.ts';
import type { Standing } from '../protocol/moderation.ts';
import { PROTOCOL_VERSION } from '../protocol/limits.ts';
import type { ServerAddress } from '../signaling/server-address.ts';
import { fitting } from './fitting.ts';
import { Chat } from './chat.ts';
import { CallError, type ErrorCode } from './errors.ts';
import { OUTSIDE } from './initial-state.ts';
import { Lighting } from './lighting.ts';
import type { Notices } from './notices.ts';
import type { OwnDevices } from './own-devices.ts';
import { Reactions } from './reactions.ts';
import { RemoteParticipants } from './remote-participants.ts';
import { SpeakerDetector } from './speaker.ts';
import type { CallState, ChatMessage, Participant, QualityCeiling } from './state.ts';
import type { Store } from './store.ts';
import { Views, type ShownPicture } from './views.ts';

export interface SessionHost {
  readonly store: Store<CallState>;
  readonly notices: Notices;
  readonly devices: OwnDevices;
  /** The engine has given up, or needs another token to go on. */
  onFailed(error: CallError): void;
}

type Handlers = { readonly [K in keyof EngineEvents]: (event: EngineEvents[K]) => void };

/** One stay in a room, from joining to leaving: what the engine tells becomes state, and what we do is told to the others. */
export class Session {
  readonly engine: CallEngine;
  readonly lighting: Lighting;
  readonly #host: SessionHost;
  readonly #remote: RemoteParticipants;
  readonly #chat: Chat;
  readonly #reactions = new Reactions((id, reaction) => {
    this.#update(id, { reaction });
  });
  readonly #speaker: SpeakerDetector;
  readonly #views: Views;
  #looks = 0;
  #isClosed = false;

  constructor(
    host: SessionHost,
    createEngine: CreateEngine,
    server: ServerAddress,
    config: EngineConfig,
  ) {
    const { store, devices } = host;
    this.#host = host;
    this.engine = createEngine(server, config, this.#handle);
    const selfId = this.engine.selfId;
    store.update({ local: { ...store.state.local, id: selfId }, messages: [] });
    this.#remote = new RemoteParticipants((remote) => {
      store.update({ remote });
    });
    this.#chat = new Chat({
      selfId,
      send: (message, to) => this.engine.send(message, to),
      isPresent: (id) => this.#remote.has(id),
      vouchedName: (id) => this.#remote.vouchedName(id),
      onChange: (messages) => {
        store.update({ messages });
      },
    });
    this.#views = new Views(
      {
        ids: () => this.#remote.ids,
        send: (view, to) => this.engine.send(view, to) > 0,
      },
      config.quality,
    );
    this.lighting = new Lighting({
      selfId,
      ids: () => this.#remote.ids,
      onStopped: (id, isStopped) => {
        this.#remote.update(id, { isVideoStopped: isStopped });
        this.#views.stopVideo(id, isStopped);
      },
      onPaused: (isPaused) => {
        this.engine.pauseVideo(isPaused);
        this.sendPresence();
      },
    });
    this.#speaker = new SpeakerDetector({
      ids: () => [selfId, ...this.#remote.ids],
      level: (id) => this.level(id),
      onSpeaking: (id, isSpeaking) => {
        this.#update(id, { isSpeaking });
      },
      onSpeaker: (speakerId) => {
        store.update({ speakerId });
        this.lighting.turnTo(speakerId);
      },
    });
    devices.media.forEachTrack((source, track) => {
      this.engine.setTrack(source, track);
    });
  }

  /** Leaves and forgets everybody. Nothing of this session reaches the state afterwards, but for the chat that was. */
  close(): void {
    this.#isClosed = true;
    this.#speaker.stop();
    this.#reactions.stop();
    this.#views.close();
    this.engine.leave();
    const { store } = this.#host;
    store.update({
      remote: [],
      isNameFixed: false,
      speakerId: '',
      isLocked: false,
      knocks: [],
      local: { ...store.state.local, ...OUTSIDE },
    });
  }

  write(text: string, to?: string): ChatMessage {
    return this.#chat.write(text, this.#host.store.state.local.name, to);
  }

  /** Shows an emoji to everyone, unless there have been too many. */
  react(emoji: string): void {
    if (this.#reactions.add(this.engine.selfId, emoji))
      this.engine.send({ kind: 'reaction', emoji });
  }

  level(id: string): number {
    return id === this.engine.selfId
      ? this.#host.devices.media.level()
      : this.engine.audioLevel(id);
  }

  /** What is on the screen now; undefined when nobody knows. */
  show(pictures: readonly ShownPicture[] | undefined): void {
    this.#views.show(pictures);
    const main = pictures?.find(({ kind, isMain }) => isMain && kind === 'camera');
    if (main) this.lighting.turnTo(main.id);
  }

  /** Ceiling of what is sent and asked for. */
  limitQuality(quality: QualityCeiling): void {
    this.#views.limit(quality);
    this.engine.limitQuality(quality);
  }

  /** Tells everyone, or one, what we are: name, what is on. */
  sendPresence(to?: string): void {
    const { local } = this.#host.store.state;
    const presence: PresenceMessage = {
      kind: 'presence',
      version: PROTOCOL_VERSION,
      name: local.name,
      microphone: local.microphone === 'on',
      camera: local.camera === 'on',
      screen: local.screen === 'on',
      screenAudio: (local.screenStream?.getAudioTracks().length ?? 0) > 0,
      handRaised: local.handRaised,
      paused: this.lighting.isPaused,
    };
    this.engine.send(presence, to);
  }

  readonly #handlers: Handlers = {
    standing: (standing) => {
      if (standing.id === this.engine.selfId) this.#stand(standing);
      else this.#remote.update(standing.id, { standing });
    },
    door: ({ locked = false, waiting = [] }) => {
      this.#host.store.update({ isLocked: locked, knocks: waiting });
    },
    moderated: ({ type }) => {
      const { store, notices, devices } = this.#host;
      if (type === 'ROOM-MUTE') {
        void devices.toggle('microphone', false);
        notices.add('muted-by-moderator', 'info');
      }
      // Of a running call the media goes on meanwhile.
      else if (store.state.status === 'joining') store.update({ status: 'waiting' });
    },
    joined: ({ capacity }) => {
      this.#host.store.update({ status: 'joined', capacity });
      this.#speaker.start();
    },
    server: ({ isConnected }) => {
      this.#host.store.update({ status: isConnected ? 'joined' : 'reconnecting' });
    },
    failed: ({ code, detail }) => {
      this.#host.onFailed(new CallError(code as ErrorCode, detail));
    },
    'participant-joined': ({ id }) => {
      this.#remote.add(id);
      this.lighting.turnTo();
      this.#host.notices.dismiss('alone-again');
    },
    'participant-left': ({ id }) => {
      this.#remote.remove(id);
      this.lighting.forget(id);
      this.#reactions.forget(id);
      this.#host.notices.dismissFor(id);
      this.#chat.handleLeft(id);
      if (this.#remote.ids.length === 0) this.#host.notices.add('alone-again', 'info');
    },
    link: ({ id, state }) => {
      this.#remote.update(id, { connection: state });
      if (state === 'failed') this.#host.notices.addFor(id, 'peer-unreachable', this.#nameOf(id));
      else this.#host.notices.dismissFor(id);
    },
    quality: ({ id, quality }) => {
      this.#remote.update(id, { quality });
    },
    need: (need) => {
      this.#host.devices.needCamera(need);
    },
    means: ({ encodeTime, uplink, isOverloaded }) => {
      const { store, notices } = this.#host;
      // Now and then: each change is drawn.
      if (encodeTime && this.#looks++ % 10 === 0)
        store.update(fitting({ encodeTime, uplink }, store.state));
      if (!this.lighting.narrow(isOverloaded)) return;
      if (isOverloaded) notices.add('overloaded', 'info');
      else notices.dismiss('overloaded');
    },
    'channel-open': ({ id }) => {
      this.sendPresence(id);
      this.#views.greet(id);
      this.#chat.greet(id);
    },
    message: ({ id, message }) => {
      if (message.kind === 'presence') this.#remote.update(id, { presence: message });
      else if (message.kind === 'reaction') this.#reactions.add(id, message.emoji);
      else this.#chat.handle(id, message);
    },
    track: ({ id, source, track }) => {
      this.#remote.setTrack(id, source, track);
    },
  };

  readonly #handle: EngineListener = (type, detail) => {
    if (!this.#isClosed) this.#handlers[type](detail);
  };

  /** What is seen of somebody, the caller included. */
  #update(id: string, seen: Partial<Pick<Participant, 'isSpeaking' | 'reaction'>>): void {
    const { store } = this.#host;
    if (id === this.engine.selfId) store.update({ local: { ...store.state.local, ...seen } });
    else this.#remote.update(id, seen);
  }

  /** The server says what this caller is. */
  #stand({ role = 'member', name }: Standing): void {
    const { store, notices, devices } = this.#host;
    const { local, status } = store.state;
    store.update({
      local: { ...local, role, name: name ?? local.name },
      isNameFixed: name !== undefined,
    });
    if (role === local.role) return;
    devices.limit();
    // Who is the first in a room knows that it is.
    if (role === 'moderator' && status === 'joined') notices.add('you-moderate', 'info');
  }

  #nameOf(id: string): string {
    return this.#host.store.state.remote.find((one) => one.id === id)?.name ?? '';
  }
}
