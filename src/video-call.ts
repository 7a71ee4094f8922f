import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { Call } from './call/call.ts';
import { CallError } from './call/errors.ts';
import type { VideoCallEventMap } from './call/events.ts';
import { performRequest } from './call/perform.ts';
import { CallRequestEvent } from './call/requests.ts';
import {
  isInCall,
  type CallStatus,
  type Capacity,
  type ChatMessage,
  type DeviceKind,
  type Participant,
  type ParticipantStats,
} from './call/state.ts';
import { CallController } from './controllers/call-controller.ts';
import { VIEW_PARTS } from './elements/view.ts';
import type { ModeratorAction } from './protocol/moderation.ts';
import { hostStyles } from './video-call.styles.ts';
import { Wishes, type Wishful } from './wishes.ts';

/** Text of an attribute; Lit would make the property null when the attribute is taken away. */
const text = { converter: (value: string | null): string => value ?? '' };

/**
 * A group video call in the page: `<video-call room="standup"></video-call>`. Every attribute is hot: changing it during a
 * call takes effect without dropping the call.
 *
 * @summary A private group video call.
 * @fires {StateChangeEvent} state-change - The call went from one state to another.
 * @fires {JoinedEvent} joined - The server has confirmed the membership.
 * @fires {LeftEvent} left - The call is over for this caller.
 * @fires {ParticipantEvent} participant-joined - Also `-left` and `-change`.
 * @fires {ParticipantEvent} microphone-change - Also `camera-change`, `screen-share-change`, `connection-change`.
 * @fires {SpeakerChangeEvent} speaker-change - Somebody else is speaking.
 * @fires {ChatMessageEvent} chat-message - A message was written, by this caller too.
 * @fires {ReactionEvent} reaction - Somebody reacted with an emoji, this caller too.
 * @fires {DeviceChangeEvent} device-change - Devices came, went, or others are in use.
 * @fires {DoorChangeEvent} door-change - The room was locked or unlocked, or somebody knocks.
 * @fires {TokenExpiredEvent} token-expired - The server wants a new token.
 * @fires {CallErrorEvent} call-error - Something went wrong; the call may well go on.
 * @slot lobby - Words of the page above the name in the lobby.
 * @slot alone - Shown while nobody else is in the call, instead of the hint to send the link.
 * @slot left - Words of the page after the call.
 */
export class VideoCallElement extends LitElement implements Wishful {
  static override styles = hostStyles;

  /** The server that is used when the page names none: where the script came from. Set by `index.ts`. */
  static defaultServer = '';

  /** The room; needed to join. Another room during a call means leaving this one for it. */
  @property(text) room = '';
  /** The caller's name; asked for in the lobby when absent. */
  @property(text) name = '';
  /** Access token (JWT), for servers that ask for one. After `token-expired` a new one lets the call go on. */
  @property(text) token = '';
  /** Address of the signaling server, path prefix allowed. */
  @property(text) server = '';
  /** STUN and TURN: URLs, a JSON array of RTCIceServer, or that array itself. They add to the server's. */
  @property({ ...text, attribute: 'ice-servers' }) iceServers: string | readonly RTCIceServer[] =
    '';
  /** `all`, or `relay`, which hides addresses from the other callers and needs a TURN server. */
  @property({ ...text, attribute: 'ice-transport-policy' })
  iceTransportPolicy = 'all';
  /** Joins without the lobby. */
  @property({ type: Boolean }) autojoin = false;
  /** Starts with the microphone off. */
  @property({ type: Boolean }) muted = false;
  /** Starts with the camera off. */
  @property({ type: Boolean, attribute: 'camera-off' }) cameraOff = false;
  /** No video is captured or received. */
  @property({ type: Boolean, attribute: 'audio-only' }) audioOnly = false;
  /** Nothing is captured. */
  @property({ type: Boolean, attribute: 'view-only' }) viewOnly = false;
  /** `auto`, `grid` or `speaker`. */
  @property(text) layout = 'auto';
  /** Ceiling of what is sent and asked for: `auto`, `high`, `medium` or `low`. */
  @property(text) quality = 'auto';
  /** Which buttons are shown, by name; all when absent. */
  @property({ converter: (value: string | null) => value ?? undefined })
  controls: string | undefined = undefined;
  /** `auto`, `light` or `dark`. */
  @property(text) theme = 'auto';
  /** Language of the controls; that of the page, then of the browser, when absent. */
  @property({ reflect: true, useDefault: true }) override lang = '';

  readonly #controller = new CallController(this);
  readonly #level = (id: string): number => this.#call?.level(id) ?? 0;
  readonly #wishes = new Wishes(this, this.#controller.report);

  constructor() {
    super();
    this.addEventListener(CallRequestEvent.eventName, (event) => {
      event.stopPropagation();
      // What goes wrong is in the state, in words.
      if (event instanceof CallRequestEvent && this.#call)
        void performRequest(this.#call, event).catch(() => undefined);
    });
  }

  get #call(): Call | undefined {
    return this.#controller.call;
  }

  /** Where the call stands. */
  get state(): CallStatus {
    return this.#call?.state.status ?? 'idle';
  }

  /** Everyone in the call, the local participant first; empty before joining and after leaving. */
  get participants(): readonly Participant[] {
    const state = this.#call?.state;
    return state && isInCall(state.status) ? [state.local, ...state.remote] : [];
  }

  /** The caller, in the lobby too. */
  get localParticipant(): Participant | undefined {
    return this.#call?.state.local;
  }

  /** The chat of this stay, oldest first. */
  get messages(): readonly ChatMessage[] {
    return this.#call?.state.messages ?? [];
  }

  /** People in a call that this device and its network can take part in, by quality; undefined until that is known. */
  get capacity(): Capacity | undefined {
    return this.#call?.state.fits;
  }

  /** Why the call failed or could not be joined. */
  get error(): CallError | undefined {
    return this.#call?.state.error;
  }

  /** Enters the room; resolves when the server has confirmed, rejects with a CallError. */
  async join(): Promise<void> {
    await (await this.#ready()).join();
  }

  /** Leaves at once and releases camera and microphone. */
  async leave(): Promise<void> {
    (await this.#ready()).leave();
  }

  /** Switches the microphone, or to `on`; resolves when the browser has done it. */
  async toggleMicrophone(on?: boolean): Promise<void> {
    await (await this.#ready()).devices.toggle('microphone', on);
  }

  /** Switches the camera, or to `on`; off means that its light goes out. */
  async toggleCamera(on?: boolean): Promise<void> {
    await (await this.#ready()).devices.toggle('camera', on);
  }

  /** Shares a screen beside the camera, or stops that. Browsers want this to be called from a click. */
  async toggleScreenShare(on?: boolean): Promise<void> {
    await (await this.#ready()).devices.toggleScreen(on);
  }

  /** Chooses a microphone, camera or speaker by its `deviceId`; empty is the browser's default. */
  async setDevice(kind: DeviceKind, id: string): Promise<void> {
    await (await this.#ready()).devices.choose(kind, id);
  }

  /** Writes to everyone, or to the participant `to`. Rejects outside a call, and text that is empty or too long. */
  async sendMessage(text: string, options: { readonly to?: string } = {}): Promise<ChatMessage> {
    return (await this.#ready()).sendMessage(text, options.to);
  }

  /**
   * Shows an emoji on the caller's tile for some seconds, to everyone; more than five at once and one a second are not shown.
   * Rejects outside a call, and what is no emoji.
   */
  async sendReaction(emoji: string): Promise<void> {
    (await this.#ready()).sendReaction(emoji);
  }

  /** Raises the caller's hand, or lowers it. Rejects outside a call. */
  async raiseHand(on?: boolean): Promise<void> {
    (await this.#ready()).raiseHand(on);
  }

  /** Takes somebody's picture, or no more: then it is not sent here either. */
  async receiveVideo(id: string, on = true): Promise<void> {
    (await this.#ready()).receiveVideo(id, on);
  }

  /** As a moderator: mutes a participant's microphone. Only that person can turn it on again. */
  muteParticipant(id: string): Promise<void> {
    return this.#moderate({ action: 'mute', id });
  }

  /** As a moderator: takes a participant out of the call. */
  removeParticipant(id: string): Promise<void> {
    return this.#moderate({ action: 'remove', id });
  }

  /** As a moderator: has newcomers knock from now on, or lets them in again. */
  lockRoom(on = !this.#call?.state.isLocked): Promise<void> {
    return this.#moderate({ action: 'lock', on });
  }

  /** As a moderator: lets in somebody who waits. */
  admit(id: string): Promise<void> {
    return this.#moderate({ action: 'admit', id });
  }

  /** As a moderator: sends away somebody who waits. */
  refuse(id: string): Promise<void> {
    return this.#moderate({ action: 'refuse', id });
  }

  /** As a moderator: ends the call for everyone. */
  endCall(): Promise<void> {
    return this.#moderate({ action: 'end' });
  }

  /** Numbers about the link to each participant, as the browser counts them. */
  async getStats(): Promise<readonly ParticipantStats[]> {
    return (await this.#call?.stats()) ?? [];
  }

  override addEventListener<K extends keyof VideoCallEventMap>(
    type: K,
    listener: (this: this, event: VideoCallEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
  /** As on every element; for the events of the call TypeScript knows what they carry. */
  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void {
    super.addEventListener(type, listener, options);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { defaultServer } = VideoCallElement;
    const config = this.#wishes.read(changed, defaultServer, !this.#call);
    if (config) this.#controller.configure(config, this.autojoin);
  }

  /** What the page has set has taken effect, also when it has to be read by code that comes on demand. */
  protected override async getUpdateComplete(): Promise<boolean> {
    const isDone = await super.getUpdateComplete();
    if (!this.#wishes.reading) return isDone;
    await this.#wishes.reading;
    return super.getUpdateComplete();
  }

  protected override render(): TemplateResult {
    return html`<video-call-view
      exportparts=${VIEW_PARTS}
      .state=${this.#call?.state}
      .options=${this.#wishes.options}
      .level=${this.#level}
      ><slot name="lobby" slot="lobby"></slot><slot name="alone" slot="alone"></slot
      ><slot name="left" slot="left"></slot
    ></video-call-view>`;
  }

  /** The call, once the attributes that were set in this tick are known. */
  async #ready(): Promise<Call> {
    await Promise.resolve();
    // Outside of the page the first update does not come.
    if (this.isConnected) await this.updateComplete;
    if (!this.#call) throw new CallError('not-joined', `<${this.localName}> is not in the page`);
    return this.#call;
  }

  async #moderate(action: ModeratorAction): Promise<void> {
    await (await this.#ready()).moderate(action);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'video-call': VideoCallElement;
  }
}
