import { randomId } from '../protocol/random.ts';
import { isServerFrame, type IceFrame } from '../protocol/room.ts';
import type { ServerAddress } from './server-address.ts';

/**
 * Asks the server for its ICE servers, without joining. The same kind of socket as a call's, so that what is in its way (a
 * proxy, a Content-Security-Policy) is in the way of this one. Rejects when there is no answer, or when `signal` is aborted.
 */
export async function askForIce(
  { secure, host, port, path }: ServerAddress,
  signal: AbortSignal,
): Promise<IceFrame> {
  // Nobody waits for it any more.
  signal.throwIfAborted();
  const query = `key=peerjs&id=${randomId()}&token=${randomId(32)}`;
  const url = `${secure ? 'wss' : 'ws'}://${host}:${String(port)}${path}peerjs?${query}`;
  const socket = new WebSocket(url);
  try {
    return await new Promise((resolve, reject) => {
      signal.addEventListener('abort', reject);
      socket.onclose = reject;
      socket.onopen = () => {
        socket.send('{"type":"ROOM-PROBE"}');
      };
      socket.onmessage = ({ data }) => {
        const frame: unknown = JSON.parse(String(data));
        if (!isServerFrame(frame)) return;
        if (frame.type === 'ROOM-ICE') resolve(frame);
        if (frame.type === 'ROOM-ERROR') reject(new Error(frame.code));
      };
    });
  } finally {
    socket.onclose = socket.onmessage = null;
    // Closed while it is connecting, it would leave a warning in the page's console.
    socket.onopen = () => {
      socket.close();
    };
    if (socket.readyState !== WebSocket.CONNECTING) socket.close();
  }
}
