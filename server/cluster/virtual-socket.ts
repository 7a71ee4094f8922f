import { EventEmitter } from 'node:events';
import { WebSocket } from 'ws';
import type { ClientSocket } from '../call-socket.ts';
import type { Connection } from '../connection.ts';
import type { Serve } from '../peer-server.ts';
import type { ToGateway } from './messages.ts';
import { answerOf } from './peek.ts';

/** PeerServer's greeting: the client had it from its gateway. */
const OPEN = '{"type":"OPEN"}';

/** A client's socket at its gateway, as the owner of its room has it: PeerServer and the hub take it for a WebSocket. */
export class VirtualSocket extends EventEmitter implements ClientSocket {
  readonly n: number;
  connection: Connection | undefined;
  deliver: ((data: Buffer | string) => void) | undefined;
  /** The room that it has asked for last. */
  room: string | undefined;
  /** Whether that has not been answered yet. */
  isAsking = false;
  /** The gateway cuts off who does not read, so nothing waits here. */
  readonly bufferedAmount = 0;
  #readyState: number = WebSocket.OPEN;
  #isSilent = false;
  readonly #post: (message: ToGateway) => void;
  readonly #serve: Serve;
  readonly #onAnswer: () => void;

  /** @param onAnswer Hears when the client has been told what became of its JOIN. */
  constructor(n: number, post: (message: ToGateway) => void, serve: Serve, onAnswer: () => void) {
    super();
    this.n = n;
    this.#post = post;
    this.#serve = serve;
    this.#onAnswer = onAnswer;
  }

  get readyState(): number {
    return this.#readyState;
  }

  /** A frame of the client. */
  receive(text: string): void {
    if (this.#readyState === WebSocket.OPEN) this.#serve(this, text);
  }

  send(text: string): void {
    if (this.#isSilent || this.#readyState !== WebSocket.OPEN || text === OPEN) return;
    this.#post(['send', this.n, text]);
    if (!this.isAsking) return;
    const answer = answerOf(text);
    if (answer !== 'in' && answer !== 'refused') return;
    this.isAsking = false;
    this.#onAnswer();
  }

  /** Whether the client lives is watched where its socket is. */
  ping(): void {}

  pause(): void {
    if (!this.#isSilent) this.#post(['pause', this.n]);
  }

  close(code: number, reason: string): void {
    if (this.#readyState !== WebSocket.OPEN) return;
    if (!this.#isSilent) this.#post(['close', this.n, code, reason]);
    this.#readyState = WebSocket.CLOSING;
    // Not now: who closes a socket does not expect to hear of it before that call returns.
    setImmediate(() => {
      this.gone();
    });
  }

  terminate(): void {
    if (this.#readyState === WebSocket.CLOSED) return;
    if (!this.#isSilent) this.#post(['end', this.n]);
    this.#readyState = WebSocket.CLOSING;
    setImmediate(() => {
      this.gone();
    });
  }

  /** Has its gateway look for the room again. */
  sendElsewhere(): void {
    if (this.#readyState === WebSocket.OPEN) this.#post(['elsewhere', this.n]);
    this.silence();
  }

  /** From now on nothing that is sent to it gets to the client, who is served elsewhere. */
  silence(): void {
    this.#isSilent = true;
  }

  /** The client's socket is no more. */
  gone(): void {
    if (this.#readyState === WebSocket.CLOSED) return;
    this.#readyState = WebSocket.CLOSED;
    this.emit('close');
  }
}
