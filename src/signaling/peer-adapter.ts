import { randomId } from '../protocol/random.ts';
import { linkOfAnswer, linkOfOffer } from './peer-frames.ts';
import { withPauses } from './speech.ts';
import type { CallMedia, Dial, IncomingCall } from './signaling.ts';

/** The part of PeerJS's socket that is used: its `send`, and its events, which come from eventemitter3. */
interface FrameSource {
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

/** The part of PeerJS's Peer that calls. */
interface Caller {
  readonly options: { config?: RTCConfiguration };
  call(to: string, stream: MediaStream, options: object): PeerCall;
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

/** PeerJS hears only of frames that `isForPeer` lets through. */
export function guardFrames(peer: object, isForPeer: (frame: unknown) => boolean): void {
  const { socket } = peer as { readonly socket: FrameSource };
  const [forward] = socket.listeners('message');
  socket.removeAllListeners('message');
  socket.on('message', (frame) => {
    if (!isForPeer(frame)) return;
    const { payload } = frame as { readonly payload?: { readonly sdp?: { sdp: string } } };
    if (payload?.sdp) payload.sdp.sdp = withPauses(payload.sdp.sdp);
    forward?.call(socket, frame);
  });
}

/** Sends a frame of our own; false when PeerJS has no socket. */
export function sendFrame(peer: object | undefined, frame: object): boolean {
  const socket = (peer as { readonly socket?: FrameSource } | undefined)?.socket;
  socket?.send(frame);
  return socket !== undefined;
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
export function dial(
  peer: Caller,
  to: string,
  { tracks, config, receivesAudio, receivesVideo }: CallMedia,
  links: Set<string>,
): Dial | undefined {
  peer.options.config = config;
  // PeerJS reads both options (MediaConnection, Negotiator) without having them in its types.
  const options = {
    connectionId: randomId(),
    // Both sections are in the first offer even when this side sends nothing yet, so that the answer can fill them.
    constraints: { offerToReceiveAudio: receivesAudio, offerToReceiveVideo: receivesVideo },
  };
  return attempt(() =>
    withStream(tracks, (stream) => takeOver(peer.call(to, stream, options), links)),
  );
}

/** A call of another member, as the engine takes it or not. */
export function incoming(
  media: PeerCall & { readonly peer: string; answer(stream: MediaStream): void },
  links: Set<string>,
  options: Caller['options'],
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
