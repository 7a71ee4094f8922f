import {
  CHANNEL_ID,
  CHANNEL_LABEL,
  isChannelMessage,
  type ChannelMessage,
} from '../protocol/channel.ts';
import { parseJson } from '../protocol/guards.ts';
import { LIMITS } from '../protocol/limits.ts';
import { Ration } from './ration.ts';

/** Beyond this the other side does not read any more; more would only fill our memory. */
const MAX_BUFFERED = 4 * 1024 * 1024;
/** Messages a second that one participant is listened to, with a burst of as many: chat history comes in few, large ones. */
const MAX_RATE = 100;

export interface ChannelEvents {
  readonly onOpen: () => void;
  readonly onMessage: (message: ChannelMessage) => void;
  /** Anything arrived, valid or not: the path is alive. */
  readonly onHeard: () => void;
}

/**
 * The data channel of one link: made by both sides with a fixed id (`negotiated`, WebRTC 1.0 section 6.2), because PeerJS
 * would take an announced one for its own. What arrives is checked and rationed before anyone sees it.
 */
export class Channel {
  readonly #channel: RTCDataChannel;
  readonly #ration = new Ration(MAX_RATE, MAX_RATE);

  constructor(connection: RTCPeerConnection, events: ChannelEvents) {
    this.#channel = connection.createDataChannel(CHANNEL_LABEL, {
      negotiated: true,
      id: CHANNEL_ID,
    });
    this.#channel.addEventListener('open', events.onOpen);
    this.#channel.addEventListener('message', (event: MessageEvent<unknown>) => {
      events.onHeard();
      if (!this.#ration.take()) return;
      const { data } = event;
      if (typeof data !== 'string' || data.length > LIMITS.channelMessage) return;
      const message = parseJson(data);
      if (isChannelMessage(message)) events.onMessage(message);
    });
  }

  get isOpen(): boolean {
    return this.#channel.readyState === 'open';
  }

  /** False when the channel is not open or the other side has stopped reading. */
  send(message: ChannelMessage): boolean {
    if (!this.isOpen || this.#channel.bufferedAmount > MAX_BUFFERED) return false;
    try {
      this.#channel.send(JSON.stringify(message));
      return true;
    } catch {
      // The transport closed between the check and the call, or its own buffer is full.
      return false;
    }
  }
}
