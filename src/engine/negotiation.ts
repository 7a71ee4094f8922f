import type {
  CandidateSignal,
  DescriptionSignal,
  SourceMap,
  TurnSignal,
} from '../protocol/signal.ts';
import { Turns } from './turns.ts';

export type NegotiationSignal = DescriptionSignal | CandidateSignal | TurnSignal;

/** The way that the descriptions and candidates of one negotiation take; it does not change within one. */
export type Route = 'server' | 'channel';

export interface NegotiationHost {
  /** Yields when both sides offer at once (perfect negotiation, WebRTC 1.0 section 10.7). */
  readonly isPolite: boolean;
  send(signal: NegotiationSignal, route: Route): boolean;
  /** The best way for a new offer, undefined when there is none now. */
  route(isRestart: boolean): Route | undefined;
  sources(): SourceMap;
  /** A description of the other side as it is to be in force here. */
  tune(sdp: string): string;
  /** A description of the other side is in force. */
  onRemoteDescription(sources: SourceMap | undefined): void;
}

/** An offer is given at least so long before a restart replaces it. */
const OFFER_STANDS = 1_000;
/** An offer without an answer is made again after this time: its way, or the answer's, has swallowed it. */
const ANSWER_WITHIN = 4_000;

/**
 * An offer leaves open who begins the DTLS handshake (`actpass`). When it restarts ICE, Firefox answers as if there were no
 * handshake yet, with a role that contradicts the one it has, and Chromium refuses that answer. So the offer names the role
 * that this side has had since the first answer.
 */
function nameRole(connection: RTCPeerConnection, sdp: string): string {
  const { currentLocalDescription: local, currentRemoteDescription: remote } = connection;
  const isOurs = local?.type === 'answer';
  const isActive = (isOurs ? local : remote)?.sdp.includes('a=setup:active') === isOurs;
  return sdp.replaceAll('a=setup:actpass', `a=setup:${isActive ? 'active' : 'passive'}`);
}

/**
 * Perfect negotiation on a connection whose first offer and answer PeerJS exchanges. It takes over at the first stable
 * state with a remote description; `negotiationneeded` before that is PeerJS's own doing.
 */
export class Negotiation {
  readonly #connection: RTCPeerConnection;
  readonly #host: NegotiationHost;
  readonly #turns: Turns;
  #isArmed = false;
  /** Descriptions that are being made or applied; the browser may say `stable` in between. */
  #steps = 0;
  #wantsRestart = false;
  #round = 0;
  #route: Route = 'server';
  #offeredAt = 0;
  #answerTimer: ReturnType<typeof setInterval> | undefined;
  /** Signals are handled one after the other; each step of the exchange is several promises long. */
  #queue: Promise<void> = Promise.resolve();
  /** Candidates that came before the description they belong to. */
  #early: CandidateSignal[] = [];

  constructor(connection: RTCPeerConnection, host: NegotiationHost) {
    this.#connection = connection;
    this.#host = host;
    this.#turns = new Turns(
      host,
      () => this.isBusy,
      () => void this.#offer(),
    );
    connection.addEventListener('negotiationneeded', () => {
      if (this.#isArmed) void this.#offer();
    });
    connection.addEventListener('icecandidate', ({ candidate }) => {
      if (!candidate) return;
      const { sdpMid, sdpMLineIndex, usernameFragment } = candidate;
      host.send(
        {
          kind: 'candidate',
          candidate: candidate.candidate,
          sdpMid,
          sdpMLineIndex,
          usernameFragment,
        },
        this.#route,
      );
    });
    connection.addEventListener('signalingstatechange', () => {
      this.#handleSignalingState();
    });
  }

  get isArmed(): boolean {
    return this.#isArmed;
  }

  /** An exchange is under way. */
  get isBusy(): boolean {
    return this.#steps > 0 || this.#connection.signalingState !== 'stable';
  }

  /**
   * Renews the path (RFC 8445, section 9). Waits for an exchange that is under way, unless that is an offer of ours which
   * nobody has answered, or which went where nothing arrives any more: the answer may have been lost with the path.
   */
  restart(): void {
    this.#wantsRestart = true;
    const isStale =
      performance.now() - this.#offeredAt > OFFER_STANDS || this.#host.route(true) !== this.#route;
    if (this.#connection.signalingState === 'have-local-offer' && isStale) this.#offerAgain();
    else this.resume();
  }

  /** Makes the offer that is wanted and could not be made before. */
  resume(): void {
    if (this.#isArmed && this.#wantsRestart && !this.isBusy) void this.#offer();
  }

  /** Makes an offer for what is not in the descriptions yet, if there is time and a way for one now. */
  renew(): void {
    if (this.#isArmed && !this.isBusy) void this.#offer();
  }

  handle(signal: NegotiationSignal, route: Route): void {
    if (signal.kind === 'ask' || signal.kind === 'grant') {
      this.#turns.handle(signal, route);
      return;
    }
    this.#queue = this.#queue
      .then(() =>
        signal.kind === 'candidate'
          ? this.#addCandidate(signal)
          : this.#handleDescription(signal, route),
      )
      // A description that the browser refuses is the other side's fault; the connection stays as it was.
      .catch(() => undefined);
  }

  close(): void {
    this.#turns.close();
    clearInterval(this.#answerTimer);
  }

  #handleSignalingState(): void {
    const { signalingState, remoteDescription } = this.#connection;
    if (signalingState !== 'have-local-offer') clearInterval(this.#answerTimer);
    if (signalingState !== 'stable' || !remoteDescription) return;
    if (!this.#isArmed) {
      this.#isArmed = true;
      this.#queue = this.#queue.then(() => this.#addEarly());
      this.#host.onRemoteDescription(undefined);
    }
    if (this.#steps > 0) return;
    this.resume();
    this.#turns.settle();
  }

  /** With `isAgain` in place of an offer of ours that is not answered yet. */
  async #offer(isAgain = false): Promise<void> {
    const connection = this.#connection;
    if (isAgain ? this.#steps : this.isBusy) return;
    const route = this.#host.route(this.#wantsRestart);
    if (!route) {
      // `restart()` or `resume()` is called when a way opens; whatever needed this offer is in that one too.
      this.#wantsRestart = true;
      return;
    }
    const isRestart = this.#wantsRestart;
    // A broken path is renewed by whoever notices: nobody may be there to grant a turn.
    if (!isRestart && !isAgain && !this.#turns.take(route)) return;
    this.#steps++;
    this.#route = route;
    this.#wantsRestart = false;
    try {
      if (isRestart) connection.restartIce();
      await connection.setLocalDescription();
      const { localDescription } = connection;
      if (localDescription?.type !== 'offer') return;
      this.#round++;
      this.#offeredAt = performance.now();
      this.#host.send(
        {
          kind: 'description',
          round: this.#round,
          type: 'offer',
          sdp: nameRole(connection, localDescription.sdp),
          sources: this.#host.sources(),
        },
        route,
      );
      clearInterval(this.#answerTimer);
      // Again and again: there may be no way when the time has come.
      this.#answerTimer = setInterval(() => {
        this.#wantsRestart ||= isRestart;
        this.#offerAgain();
      }, ANSWER_WITHIN);
    } catch {
      // The connection was closed, or an offer of the other side came first.
    } finally {
      this.#steps--;
    }
  }

  /** Replaces an offer of ours, without a rollback: that could freeze pictures (docs/decisions/0005-turns.md). */
  #offerAgain(): void {
    if (this.#connection.signalingState === 'have-local-offer') void this.#offer(true);
  }

  async #handleDescription(signal: DescriptionSignal, route: Route): Promise<void> {
    const connection = this.#connection;
    if (signal.type === 'answer') {
      if (connection.signalingState !== 'have-local-offer' || signal.round !== this.#round) return;
    } else {
      if (this.isBusy && !this.#host.isPolite) return;
      this.#route = route;
    }
    this.#steps++;
    try {
      await connection.setRemoteDescription({
        type: signal.type,
        sdp: this.#host.tune(signal.sdp),
      });
      await this.#addEarly();
      if (signal.type === 'offer') {
        await connection.setLocalDescription();
        this.#host.send(
          {
            kind: 'description',
            round: signal.round,
            type: 'answer',
            sdp: connection.localDescription?.sdp ?? '',
            sources: this.#host.sources(),
          },
          route,
        );
      }
      this.#host.onRemoteDescription(signal.sources);
    } finally {
      this.#steps--;
      this.#handleSignalingState();
    }
  }

  async #addCandidate(signal: CandidateSignal): Promise<void> {
    if (!this.#connection.remoteDescription) {
      if (this.#early.length < 100) this.#early.push(signal);
      return;
    }
    const { candidate, sdpMid, sdpMLineIndex, usernameFragment } = signal;
    try {
      await this.#connection.addIceCandidate({
        candidate,
        sdpMid,
        sdpMLineIndex,
        usernameFragment,
      });
    } catch {
      // Of an offer that was ignored, or of a generation that is over: nothing is lost with it.
    }
  }

  async #addEarly(): Promise<void> {
    const early = this.#early;
    this.#early = [];
    for (const signal of early) await this.#addCandidate(signal);
  }
}
