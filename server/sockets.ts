import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { AddressLimits } from './addresses.ts';
import { asCallSocket, CallSocket } from './call-socket.ts';
import { CLOSE, Connection } from './connection.ts';
import type { ServerLimits, Timings } from './limits.ts';
import { watch } from './liveness.ts';
import type { Log } from './log.ts';
import { isAllowedOrigin } from './origins.ts';
import type { Refusal, Tally } from './tally.ts';
import { readUpgrade, type Hello } from './upgrade.ts';

/** Sockets above the limit that are still told `server-full` in words; beyond that the answer is a bare 503. */
const TOLD_WHEN_FULL = 50;

const STATUS_TEXT = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  503: 'Service Unavailable',
} as const;

export interface SocketsOptions {
  /** Begins and ends with `/`. */
  readonly prefix: string;
  readonly limits: ServerLimits;
  readonly timings: Timings;
  readonly tally: Tally;
  /** Origins whose pages may connect; undefined: all. */
  readonly allowOrigins: readonly string[] | undefined;
  readonly addresses: AddressLimits;
  readonly log: Log;
  /** Whom a request counts for. */
  readonly addressOf: (request: IncomingMessage) => string;
  /** Whose id this is, so that nobody takes over the id of a member whose socket is away. */
  readonly ownerOf: (id: string, token: string) => 'nobody' | 'self' | 'other';
  /** Hears of every connection that is gone. */
  readonly onClose: (connection: Connection) => void;
}

/** Takes a new connection, before any of its messages. */
export type Accept = (connection: Connection, socket: CallSocket, hello: Hello) => void;

/** The door: every WebSocket of this server enters here, and is counted, watched and bounded from then on. */
export class Sockets {
  /** PeerServer listens on it; sockets reach it by its `connection` event only. */
  readonly server: WebSocketServer;
  readonly #options: SocketsOptions;
  readonly #connections = new Set<Connection>();
  readonly #stopWatching: () => void;
  readonly #onError: (this: WebSocket, error: Error) => void;
  readonly #onClose: (this: WebSocket) => void;
  #isDraining = false;

  constructor(options: SocketsOptions) {
    this.#options = options;
    this.server = new WebSocketServer({
      noServer: true,
      WebSocket: CallSocket,
      clientTracking: false,
      maxPayload: options.limits.frameBytes,
      // Fragments are not counted against the rate of a client; browsers make a few dozen of the largest message at most.
      maxFragments: 256,
      // Compression costs 300 kB a socket and lets a small frame become a large one.
      perMessageDeflate: false,
    });
    const connections = this.#connections;
    const { tally, addresses, onClose } = options;
    // An error is followed by `close`, with the code that fits it; unheard it would end the process.
    this.#onError = (error) => {
      const reason = refusalOf(error);
      if (reason) tally.refuse(reason);
    };
    this.#onClose = function () {
      const { connection } = asCallSocket(this);
      if (!connection) return;
      connections.delete(connection);
      addresses.closed(connection.address);
      onClose(connection);
    };
    this.#stopWatching = watch(this.#connections, options.timings, options.tally);
  }

  get size(): number {
    return this.#connections.size;
  }

  /** Bytes that wait for slow readers. */
  get buffered(): number {
    let sum = 0;
    for (const connection of this.#connections) sum += connection.buffered;
    return sum;
  }

  /** Answers an upgrade request of the HTTP server. */
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer, accept: Accept): void {
    stream.on('error', endStream);
    const { tally, prefix, limits, allowOrigins, addresses, addressOf, log } = this.#options;
    const refuse = (reason: Refusal, status: keyof typeof STATUS_TEXT, text: string): void => {
      tally.refuse(reason);
      // For who must find out where a flood comes from.
      log('connection refused', { reason, address: addressOf(request) }, 'debug');
      decline(stream, status, text);
    };
    const hello = readUpgrade(request.url ?? '', request.headers, prefix);
    if ('status' in hello) {
      refuse('bad-request', hello.status, hello.text);
      return;
    }
    if (!isAllowedOrigin(request.headers.origin, allowOrigins)) {
      refuse('origin', 403, 'pages of this origin may not use this server');
      return;
    }
    if (this.#isDraining) {
      refuse('draining', 503, 'the server is stopping');
      return;
    }
    if (this.size - limits.sockets >= TOLD_WHEN_FULL) {
      refuse('server-full', 503, 'the server is full');
      return;
    }
    const address = addressOf(request);
    const refusal = addresses.refusal(address);
    if (refusal) {
      refuse(refusal.reason, 429, refusal.text);
      return;
    }
    this.server.handleUpgrade(request, stream, head, (made) => {
      const socket = asCallSocket(made);
      socket.stream = stream;
      // From now on `ws` hears of errors.
      stream.off('error', endStream);
      const connection = new Connection(socket, hello, address, this.#options);
      this.#open(connection, socket, () => {
        accept(connection, socket, hello);
      });
    });
  }

  /** Refuses new sockets; the open ones stay. */
  drain(): void {
    this.#isDraining = true;
  }

  /** Resolves when the open sockets are gone, which somebody else has closed; those that linger are ended. */
  async close(): Promise<void> {
    this.#isDraining = true;
    this.#stopWatching();
    const deadline = performance.now() + this.#options.timings.closeWithin;
    while (this.#connections.size > 0 && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 20));
    for (const connection of this.#connections) connection.terminate();
  }

  #open(connection: Connection, socket: CallSocket, accept: () => void): void {
    const { limits, ownerOf, tally, addresses } = this.#options;
    const isFull = this.size >= limits.sockets;
    this.#connections.add(connection);
    addresses.opened(connection.address);
    socket.connection = connection;
    socket.on('error', this.#onError);
    // Control frames cost as much as others.
    socket.on('ping', onControlFrame);
    socket.on('pong', onControlFrame);
    socket.on('close', this.#onClose);
    const owner = ownerOf(connection.id, connection.token);
    if (owner === 'other') {
      // In PeerServer's words; PeerServer itself forgets an id together with its socket.
      tally.refuse('id-taken');
      connection.sendText('{"type":"ID-TAKEN","payload":{"msg":"ID is taken"}}');
      connection.cut(CLOSE.policy, 'the id is taken');
    } else if (isFull && owner === 'nobody') {
      tally.refuse('server-full');
      connection.refuse('server-full', `the server takes ${String(limits.sockets)} connections`);
    } else {
      accept();
    }
  }
}

function onControlFrame(this: WebSocket): void {
  asCallSocket(this).connection?.arrived(0);
}

/** Outside of the class, since a closure would keep the whole request for as long as the socket lives. */
function endStream(this: Duplex): void {
  this.destroy();
}

/** What a client did wrong, by what `ws` calls it; undefined when it was the network. */
function refusalOf(error: Error): Refusal | undefined {
  const { code } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH':
    case 'WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH':
    case 'WS_ERR_TOO_MANY_BUFFERED_PARTS':
      return 'frame-size';
    case 'WS_ERR_INVALID_UTF8':
      return 'not-utf8';
    default:
      return code?.startsWith('WS_ERR_') ? 'not-websocket' : undefined;
  }
}

function decline(stream: Duplex, status: keyof typeof STATUS_TEXT, text: string): void {
  const body = `${text}\n`;
  stream.end(
    `HTTP/1.1 ${String(status)} ${STATUS_TEXT[status]}\r\nConnection: close\r\n` +
      `Content-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\n` +
      `Content-Length: ${String(Buffer.byteLength(body))}\r\n\r\n${body}`,
    () => {
      stream.destroy();
    },
  );
}
