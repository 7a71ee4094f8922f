import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { Bucket } from './bucket.ts';
import { answerStun } from './stun-message.ts';

export interface StunOptions {
  /** UDP port; 0 takes any free one. */
  readonly port: number;
  /** Address to listen on; undefined for all, IPv4 and IPv6. */
  readonly host: string | undefined;
  readonly answersPerSecond: number;
}
export interface StunServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Answers STUN Binding requests (RFC 8489) over UDP, so that callers learn their address outside of their network.
 * Rejects with the error of the socket, such as EADDRINUSE.
 */
export async function startStun({
  port,
  host,
  answersPerSecond,
}: StunOptions): Promise<StunServer> {
  const bucket = new Bucket(answersPerSecond, answersPerSecond);
  const answer = function (this: Socket, request: Buffer, from: RemoteInfo): void {
    const response = answerStun(request, from.address, from.port);
    if (!response || !bucket.take()) return;
    try {
      // An answer that cannot be sent is lost like any other datagram.
      this.send(response, from.port, from.address, () => undefined);
    } catch {
      // Thrown for port 0, which anyone can forge.
    }
  };
  const open = async (type: 'udp4' | 'udp6', address: string, at: number): Promise<Socket> => {
    const socket = createSocket({ type, ipv6Only: type === 'udp6' });
    socket.on('message', answer);
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(at, address, () => {
        socket.off('error', reject);
        resolve();
      });
    }).catch((error: unknown) => {
      socket.close();
      throw error;
    });
    socket.on('error', () => undefined);
    return socket;
  };

  const sockets: Socket[] = [];
  if (host === undefined) {
    const first = await open('udp4', '0.0.0.0', port);
    sockets.push(first);
    try {
      sockets.push(await open('udp6', '::', first.address().port));
    } catch (error) {
      // A machine without IPv6 is no error; another program on the port is.
      if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
        first.close();
        throw error;
      }
    }
  } else {
    sockets.push(await open(host.includes(':') ? 'udp6' : 'udp4', host, port));
  }
  return {
    port: sockets[0]?.address().port ?? port,
    async close() {
      await Promise.all(
        sockets.map((socket) => new Promise<void>((resolve) => socket.close(resolve))),
      );
    },
  };
}
