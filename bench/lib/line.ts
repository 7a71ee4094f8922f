import { connect, type Socket } from 'node:net';

/** A WebSocket frame of a client with this text. Its mask is zero, which every server must accept and none can tell. */
export function textFrame(text: string): Buffer {
  const body = Buffer.from(text);
  const head =
    body.length < 126
      ? Buffer.from([0x81, 0x80 | body.length])
      : Buffer.from([0x81, 0x80 | 126, body.length >> 8, body.length & 0xff]);
  return Buffer.concat([head, Buffer.alloc(4), body]);
}

const PONG = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);

/** A WebSocket with nothing that costs time, so that the server is what is measured: frames come and go as bytes. */
export class Line {
  readonly id: string;
  readonly stream: Socket;
  /** Hears the text of each frame, unread. */
  onText: ((text: Buffer) => void) | undefined;
  #rest: Buffer | undefined;
  #isUpgraded = false;

  constructor(port: number, origin: string, id: string, from: string) {
    this.id = id;
    this.stream = connect({ port, host: '127.0.0.1', localAddress: from, noDelay: true });
    this.stream.on('error', () => undefined);
    this.stream.on('data', (data: Buffer) => {
      this.#read(data);
    });
    this.stream.write(
      `GET /peerjs?key=peerjs&id=${id}&token=token-of-${id}&version=1.5.5 HTTP/1.1\r\nHost: 127.0.0.1\r\n` +
        `Origin: ${origin}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n` +
        'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    );
  }

  /** Resolves with the first frame whose text has these words. */
  heard(words: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const closed = (): void => {
        reject(new Error(`closed before ${words}`));
      };
      this.stream.once('close', closed);
      this.onText = (text) => {
        if (!text.includes(words)) return;
        this.onText = undefined;
        this.stream.off('close', closed);
        resolve();
      };
    });
  }

  #read(data: Buffer): void {
    let rest = this.#rest === undefined ? data : Buffer.concat([this.#rest, data]);
    if (!this.#isUpgraded) {
      const end = rest.indexOf('\r\n\r\n');
      if (end < 0) {
        this.#rest = rest;
        return;
      }
      this.#isUpgraded = true;
      rest = rest.subarray(end + 4);
    }
    while (rest.length >= 2) {
      const short = rest[1]! & 0x7f;
      const start = short === 126 ? 4 : 2;
      if (rest.length < start) break;
      const length = short === 126 ? rest.readUInt16BE(2) : short;
      if (rest.length < start + length) break;
      const opcode = rest[0]! & 0x0f;
      if (opcode === 1) this.onText?.(rest.subarray(start, start + length));
      else if (opcode === 9) this.stream.write(PONG);
      rest = rest.subarray(start + length);
    }
    this.#rest = rest.length === 0 ? undefined : rest;
  }
}
