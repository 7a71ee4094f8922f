import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { Call } from '../call/call.ts';
import type { CallConfig } from '../call/config.ts';
import type { CallError, ErrorCode } from '../call/errors.ts';
import { callEvent, eventsBetween } from '../call/events.ts';
import type { CallState } from '../call/state.ts';
import { createEngine } from '../engine/create-engine.ts';

/** An element that is moved in the page is out of it for an instant; one that is out for longer was removed. */
const REMOVED_AFTER = 100;
/**
 * While connections are being made, what changes is shown so many milliseconds later at most: drawing holds up offers and
 * answers.
 */
const SHOWN_WITHIN = 150;
/** As soon as somebody's media is there, only the answer has to go out first. */
const MEDIA_SHOWN_WITHIN = 20;
/** What the page mends by setting an attribute: the call that failed because of it begins again then. */
const MENDED_BY_PAGE: readonly (ErrorCode | undefined)[] = [
  'room-missing',
  'room-invalid',
  'server-invalid',
  'insecure-context',
];

/**
 * Ties a Call to the life of an element: begins it when the element is in the page and configured, keeps it while the
 * element is moved, ends it when the element is removed or the page goes away, and fires the events of what happens.
 */
export class CallController implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  #call: Call | undefined;
  #wishes: { readonly config: CallConfig; readonly autojoin: boolean } | undefined;
  #unsubscribe: (() => void) | undefined;
  #drawing: ReturnType<typeof setTimeout> | undefined;
  #drawingAt = Infinity;
  #removal: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost & HTMLElement) {
    this.#host = host;
    host.addController(this);
  }

  get call(): Call | undefined {
    return this.#call;
  }

  get state(): CallState | undefined {
    return this.#call?.state;
  }

  /** Takes the page's wishes over. The first time in the page it begins: with the lobby, or at once if `autojoin`. */
  configure(config: CallConfig, autojoin: boolean): void {
    const before = this.#wishes;
    this.#wishes = { config, autojoin };
    if (this.#call) {
      const { status, error } = this.#call.state;
      const isAnother = (['room', 'server', 'viewOnly', 'token'] as const).some(
        (key) => config[key] !== before?.config[key],
      );
      const needsToken = status === 'failed' && error?.code.startsWith('token-') === true;
      const isMended =
        status === 'failed' && isAnother && (needsToken || MENDED_BY_PAGE.includes(error?.code));
      const mayEnter = status === 'lobby' && autojoin && before?.autojoin === false;
      this.#call.configure(config);
      if (config.room !== '' && (status === 'idle' || isMended || mayEnter))
        // The caller has asked to join before the token was refused.
        this.#begin(this.#call, autojoin || needsToken);
    } else if (this.#host.isConnected) {
      const call = new Call(config, createEngine, this.report);
      this.#call = call;
      this.#unsubscribe = call.store.subscribe((state, before) => {
        this.#draw(state, before);
        for (const event of eventsBetween(before, state)) this.#host.dispatchEvent(event);
      });
      this.#begin(call, autojoin);
    }
  }

  /** Tells the page of an error, in the console and as an event. */
  readonly report = (error: CallError): void => {
    // eslint-disable-next-line no-console -- the site author looks there first
    console.warn(`<${this.#host.localName}> ${error.code}: ${error.message}`);
    this.#host.dispatchEvent(callEvent('call-error', { error }));
    if (error.code === 'token-expired')
      this.#host.dispatchEvent(callEvent('token-expired', { room: this.state?.room ?? '' }));
  };

  hostConnected(): void {
    clearTimeout(this.#removal);
    globalThis.addEventListener('pagehide', this.#handlePageHide);
    // Put back after it was removed: `configure` begins anew. The first time the host updates by itself.
    if (!this.#call) this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    globalThis.removeEventListener('pagehide', this.#handlePageHide);
    clearTimeout(this.#removal);
    this.#removal = setTimeout(() => {
      const call = this.#call;
      this.#call = undefined;
      // The events of leaving are still fired: whoever removed the element may be listening to it.
      call?.leave();
      this.#unsubscribe?.();
    }, REMOVED_AFTER);
  }

  /** The others are told while the page still can; a page that comes back from the cache shows that it has left. */
  readonly #handlePageHide = (): void => {
    this.#call?.leave();
  };

  #draw({ status, remote }: CallState, before: CallState): void {
    const connecting = remote.filter(({ connection }) => connection === 'connecting');
    const isEntered = status === 'joined' && before.status === 'joining';
    if (isEntered) this.#stopWaiting();
    if (!isEntered && status !== 'joining' && connecting.length === 0) {
      // Unless it will be drawn in a moment anyway.
      if (this.#drawingAt === Infinity) this.#host.requestUpdate();
      return;
    }
    const hasMedia = connecting.some(
      ({ microphone, camera }) => microphone === 'on' || camera === 'on',
    );
    const due = performance.now() + (hasMedia ? MEDIA_SHOWN_WITHIN : SHOWN_WITHIN);
    if (due >= this.#drawingAt) return;
    this.#stopWaiting();
    this.#drawingAt = due;
    this.#drawing = setTimeout(() => {
      this.#drawingAt = Infinity;
      this.#host.requestUpdate();
    }, due - performance.now());
  }

  #stopWaiting(): void {
    clearTimeout(this.#drawing);
    this.#drawingAt = Infinity;
  }

  #begin(call: Call, autojoin: boolean): void {
    // What goes wrong is in the state, and was reported.
    void (autojoin ? call.join() : call.enterLobby()).catch(() => undefined);
  }
}
