import type { Dial } from './signaling.ts';

/** The part of PeerJS's socket that is used: its `send`, and its events, which come from eventemitter3. */
export interface FrameSource {
  send(frame: object): void;
  listeners(event: 'message'): ((frame: unknown) => void)[];
  removeAllListeners(event: 'message'): void;
  on(event: 'message', listener: (frame: unknown) => void): void;
}

/** The part of PeerJS's MediaConnection that is used. */
interface PeerCall {
  readonly connectionId: string;
  readonly peerConnection: RTCPeerConnection;
  readonly dataChannel: RTCDataChannel | undefined;
  close(): void;
}

/**
 * From here on the connection is the engine's: PeerJS would close it on failure, and drop candidates and tracks. To be
 * called in the tick that made the connection. `links` is the list of those that PeerJS still knows.
 */
export function takeOver(media: PeerCall, links: Set<string>): Dial {
  const { peerConnection: connection, connectionId: link, dataChannel: auxiliary } = media;
  connection.onicecandidate = connection.oniceconnectionstatechange = null;
  connection.ontrack = connection.ondatachannel = null;
  // The caller's side of PeerJS's auxiliary channel; closing it would end the call.
  if (auxiliary) auxiliary.onclose = null;
  links.add(link);
  return {
    link,
    connection,
    close: () => {
      links.delete(link);
      media.close();
      connection.close();
    },
  };
}

/** Undefined when the browser has no more connections to give; there may be some later. */
export function attempt(make: () => Dial): Dial | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

/**
 * Lends tracks to PeerJS in the stream that it wants. PeerJS takes them out of it at once; a stream that kept them would live as
 * long as they do (Chromium), one for each call.
 */
export function withStream<T>(
  tracks: readonly MediaStreamTrack[],
  use: (stream: MediaStream) => T,
): T {
  const stream = new MediaStream([...tracks]);
  try {
    return use(stream);
  } finally {
    for (const track of tracks) stream.removeTrack(track);
  }
}
