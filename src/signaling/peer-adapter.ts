import { linkOfAnswer, linkOfOffer } from './peer-frames.ts';
import type { Dial, IncomingCall } from './signaling.ts';

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
function takeOver(media: PeerCall, links: Set<string>): Dial {
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
function attempt(make: () => Dial): Dial | undefined {
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
function withStream<T>(tracks: readonly MediaStreamTrack[], use: (stream: MediaStream) => T): T {
  const stream = new MediaStream([...tracks]);
  try {
    return use(stream);
  } finally {
    for (const track of tracks) stream.removeTrack(track);
  }
}

/** An answer to a link that is still there, an offer of a link that is not: a repeated one would end the call. */
export function isExpected(frame: unknown, links: Set<string>, isOpen: boolean): boolean {
  const answered = linkOfAnswer(frame);
  if (answered !== undefined) return links.has(answered);
  const offered = linkOfOffer(frame);
  if (offered === undefined) return true;
  if (!isOpen || links.has(offered)) return false;
  links.add(offered);
  return true;
}

/** Calls a member; the tracks are in the first offer. */
export const dial = (
  tracks: readonly MediaStreamTrack[],
  links: Set<string>,
  call: (stream: MediaStream) => PeerCall,
): Dial | undefined => attempt(() => withStream(tracks, (stream) => takeOver(call(stream), links)));

/** A call of another member, as the engine takes it or not. */
export function incoming(
  media: PeerCall & { readonly peer: string; answer(stream: MediaStream): void },
  links: Set<string>,
  options: { config?: RTCConfiguration },
): IncomingCall {
  return {
    from: media.peer,
    link: media.connectionId,
    answer: ({ tracks, config }) =>
      attempt(() => {
        options.config = config;
        withStream(tracks, (stream) => {
          media.answer(stream);
        });
        return takeOver(media, links);
      }),
    refuse: () => {
      links.delete(media.connectionId);
      media.close();
    },
  };
}
