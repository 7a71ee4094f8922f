import { createHash, createHmac, randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { addressBytes } from '../../server/stun-message.ts';
import { withPatience } from './helpers.ts';

const COOKIE = 0x2112a442;
const METHOD = { allocate: 3, refresh: 4, createPermission: 8 } as const;
const ATTRIBUTE = {
  username: 0x0006,
  integrity: 0x0008,
  error: 0x0009,
  peer: 0x0012,
  realm: 0x0014,
  nonce: 0x0015,
  family: 0x0017,
  transport: 0x0019,
} as const;
/** UDP is sent again until it is answered. */
const RESEND_EVERY = 300;

export interface Credentials {
  readonly username: string;
  readonly credential: string;
}

/** As much of a TURN client (RFC 8656) over UDP as it takes to ask what is allowed. Answers are 200 or the error's code. */
export class TurnClient {
  readonly #socket: Socket;
  readonly #port: number;
  readonly #credentials: Credentials;
  #realm = '';
  #nonce = '';

  private constructor(socket: Socket, port: number, credentials: Credentials) {
    this.#socket = socket;
    this.#port = port;
    this.#credentials = credentials;
  }

  static async open(port: number, credentials: Credentials): Promise<TurnClient> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new TurnClient(socket, port, credentials);
  }

  close(): void {
    this.#socket.close();
  }

  allocate(family: 4 | 6 = 4): Promise<number> {
    const attributes = [attribute(ATTRIBUTE.transport, Buffer.from([17, 0, 0, 0]))];
    if (family === 6) attributes.push(attribute(ATTRIBUTE.family, Buffer.from([2, 0, 0, 0])));
    return this.#ask(METHOD.allocate, attributes);
  }

  refresh(): Promise<number> {
    return this.#ask(METHOD.refresh, []);
  }

  /** Asks to send to this address. */
  permit(address: string): Promise<number> {
    return this.#ask(METHOD.createPermission, (transaction) => {
      const ip = addressBytes(address)!;
      const key = Buffer.alloc(16);
      key.writeUInt32BE(COOKIE);
      transaction.copy(key, 4);
      const value = Buffer.alloc(4 + ip.length);
      value[1] = ip.length === 4 ? 1 : 2;
      value.writeUInt16BE(9_000 ^ (COOKIE >>> 16), 2);
      ip.forEach((byte, index) => (value[4 + index] = byte ^ key[index]!));
      return [attribute(ATTRIBUTE.peer, value)];
    });
  }

  /** Without credentials first, or when the nonce is stale: the server then says what to sign. */
  async #ask(
    method: number,
    attributes: Buffer[] | ((transaction: Buffer) => Buffer[]),
  ): Promise<number> {
    for (let attempt = 0; ; attempt++) {
      const transaction = randomBytes(12);
      const body = typeof attributes === 'function' ? attributes(transaction) : attributes;
      const answer = await this.#exchange(this.#request(method, transaction, body), transaction);
      const code = answer.readUInt16BE(0) & 0x0110;
      if (code === 0x0100) return 200;
      const error = read(answer, ATTRIBUTE.error);
      const status = (error?.[2] ?? 0) * 100 + (error?.[3] ?? 0);
      const isNew = read(answer, ATTRIBUTE.nonce)?.toString() !== this.#nonce;
      if (attempt === 2 || !isNew || ![401, 438].includes(status)) return status;
      const wasSigned = this.#nonce !== '';
      this.#realm = read(answer, ATTRIBUTE.realm)?.toString() ?? this.#realm;
      this.#nonce = read(answer, ATTRIBUTE.nonce)?.toString() ?? '';
      if (status === 401 && wasSigned) return status;
    }
  }

  #request(method: number, transaction: Buffer, attributes: Buffer[]): Buffer {
    if (this.#nonce === '') return message(method, transaction, attributes, 0);
    const { username, credential } = this.#credentials;
    const body = [
      ...attributes,
      attribute(ATTRIBUTE.username, Buffer.from(username)),
      attribute(ATTRIBUTE.realm, Buffer.from(this.#realm)),
      attribute(ATTRIBUTE.nonce, Buffer.from(this.#nonce)),
    ];
    const key = createHash('md5').update(`${username}:${this.#realm}:${credential}`).digest();
    // The length counts the signature that is about to follow.
    const unsigned = message(method, transaction, body, 24);
    const signature = createHmac('sha1', key).update(unsigned).digest();
    return Buffer.concat([unsigned, attribute(ATTRIBUTE.integrity, signature)]);
  }

  async #exchange(request: Buffer, transaction: Buffer): Promise<Buffer> {
    const send = (): void => {
      this.#socket.send(request, this.#port, '127.0.0.1', () => undefined);
    };
    let listener: ((answer: Buffer) => void) | undefined;
    const answered = new Promise<Buffer>((resolve) => {
      listener = (answer) => {
        if (answer.subarray(8, 20).equals(transaction)) resolve(answer);
      };
      this.#socket.on('message', listener);
    });
    send();
    const timer = setInterval(send, RESEND_EVERY);
    try {
      return await withPatience(answered, 'an answer of the TURN server');
    } finally {
      clearInterval(timer);
      if (listener) this.#socket.off('message', listener);
    }
  }
}

function attribute(type: number, value: Buffer): Buffer {
  const bytes = Buffer.alloc(4 + ((value.length + 3) & ~3));
  bytes.writeUInt16BE(type, 0);
  bytes.writeUInt16BE(value.length, 2);
  value.copy(bytes, 4);
  return bytes;
}

function message(method: number, transaction: Buffer, body: Buffer[], more: number): Buffer {
  const attributes = Buffer.concat(body);
  const header = Buffer.alloc(8);
  header.writeUInt16BE(method, 0);
  header.writeUInt16BE(attributes.length + more, 2);
  header.writeUInt32BE(COOKIE, 4);
  return Buffer.concat([header, transaction, attributes]);
}

function read(answer: Buffer, wanted: number): Buffer | undefined {
  for (let at = 20; at + 4 <= answer.length;) {
    const length = answer.readUInt16BE(at + 2);
    if (answer.readUInt16BE(at) === wanted) return answer.subarray(at + 4, at + 4 + length);
    at += 4 + ((length + 3) & ~3);
  }
  return undefined;
}
