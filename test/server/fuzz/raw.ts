import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export const TEXT = 1;
export const BINARY = 2;
export const PING = 9;
export const PONG = 10;
export const CLOSE = 8;

export interface FrameOptions {
  readonly opcode?: number;
  readonly isLast?: boolean;
  /** RSV1 to RSV3; RSV1 (4) says that the frame is compressed. */
  readonly reserved?: number;
  readonly isMasked?: boolean;
  /** What the header says, where that differs from the truth. */
  readonly length?: bigint;
}

/** A WebSocket frame (RFC 6455 section 5.2), right or wrong. The mask is all zeros, which masks nothing. */
export function frame(payload: string | Buffer, options: FrameOptions = {}): Buffer {
  const { opcode = TEXT, isLast = true, reserved = 0, isMasked = true } = options;
  const body = typeof payload === 'string' ? Buffer.from(payload) : payload;
  const length = options.length ?? BigInt(body.length);
  const short = length < 126n ? Number(length) : length < 65_536n ? 126 : 127;
  const head = [(isLast ? 0x80 : 0) | (reserved << 4) | opcode, (isMasked ? 0x80 : 0) | short];
  const extended = Buffer.alloc(short === 126 ? 2 : short === 127 ? 8 : 0);
  if (short === 126) extended.writeUInt16BE(Number(length));
  if (short === 127) extended.writeBigUInt64BE(length);
  return Buffer.concat([Buffer.from(head), extended, Buffer.alloc(isMasked ? 4 : 0), body]);
}

export interface Place {
  readonly port: number;
  /** An address of the loopback network, to be many. */
  readonly from: string;
}

/** A TCP connection that is used for anything but what it is meant for. */
export class Raw {
  readonly stream: Socket;
  /** Text of the HTTP answer, once its head is complete. */
  head = '';
  /** The code in the close frame of the server. */
  code: number | undefined;
  /** The first texts that came. */
  readonly texts: string[] = [];
  readonly #awaited = new Map<string, () => void>();
  isClosed = false;
  readonly closed: Promise<void>;
  #rest = Buffer.alloc(0);

  constructor({ port, from }: Place) {
    this.stream = connect({ port, host: '127.0.0.1', localAddress: from });
    this.stream.on('error', () => undefined);
    this.stream.on('data', (data: Buffer) => {
      this.#read(data);
    });
    this.closed = new Promise((resolve) => {
      this.stream.on('close', () => {
        this.isClosed = true;
        resolve();
      });
    });
  }

  /** Opens a WebSocket; resolves with the status of the answer, 0 when there was none. */
  static async webSocket(
    place: Place,
    id: string,
    token: string,
    headers: readonly string[] = [],
  ): Promise<[Raw, number]> {
    const raw = new Raw(place);
    raw.write(upgradeRequest(`/peerjs?key=peerjs&id=${id}&token=${token}`, headers));
    while (raw.head === '' && !raw.isClosed)
      await Promise.race([once(raw.stream, 'data').catch(() => undefined), raw.closed]);
    return [raw, Number(/^HTTP\/1\.1 (\d+)/.exec(raw.head)?.[1] ?? 0)];
  }

  write(data: string | Buffer): void {
    if (this.stream.writable) this.stream.write(data);
  }

  /** Writes, and waits while the other side does not read. */
  async push(data: Buffer): Promise<void> {
    if (!this.stream.writable) return;
    if (!this.stream.write(data))
      await Promise.race([once(this.stream, 'drain').catch(() => undefined), this.closed]);
  }

  /** Resolves when a text with these words has come from now on, or none can come any more. */
  hears(words: string): Promise<void> {
    const heard = new Promise<void>((resolve) => this.#awaited.set(words, resolve));
    return Promise.race([heard, this.closed]);
  }

  end(): void {
    this.stream.destroy();
  }

  #read(data: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, data]);
    if (this.head === '') {
      const end = this.#rest.indexOf('\r\n\r\n');
      if (end < 0) return;
      this.head = this.#rest.toString('latin1', 0, end);
      this.#rest = this.#rest.subarray(end + 4);
    }
    for (;;) {
      const rest = this.#rest;
      if (rest.length < 2) return;
      const short = rest[1]! & 0x7f;
      const start = short === 126 ? 4 : short === 127 ? 10 : 2;
      if (rest.length < start) return;
      const length =
        short === 126
          ? rest.readUInt16BE(2)
          : short === 127
            ? Number(rest.readBigUInt64BE(2))
            : short;
      if (rest.length < start + length) return;
      const payload = rest.subarray(start, start + length);
      const opcode = rest[0]! & 0x0f;
      if (opcode === CLOSE && length >= 2) this.code = payload.readUInt16BE(0);
      if (opcode === PING) this.write(frame(payload, { opcode: PONG }));
      if (opcode === TEXT)
        for (const [words, resolve] of this.#awaited) if (payload.includes(words)) resolve();
      if (opcode === TEXT && this.texts.length < 1_000) this.texts.push(payload.toString());
      this.#rest = rest.subarray(start + length);
    }
  }
}

export function upgradeRequest(path: string, headers: readonly string[] = []): string {
  return [
    `GET ${path} HTTP/1.1`,
    'Host: x',
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    ...headers,
    '',
    '',
  ].join('\r\n');
}
