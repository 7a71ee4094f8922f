import { Ration } from '../engine/ration.ts';
import type { ChannelMessage, ChatEntry } from '../protocol/channel.ts';
import { LIMITS } from '../protocol/limits.ts';
import { randomId } from '../protocol/random.ts';
import { CallError } from './errors.ts';
import type { ChatMessage } from './state.ts';

export interface ChatHost {
  readonly selfId: string;
  send(message: ChannelMessage, to?: string): number;
  isPresent(id: string): boolean;
  /** What the server says somebody is called; undefined when it does not. */
  vouchedName(id: string): string | undefined;
  onChange(messages: readonly ChatMessage[]): void;
}

/** Characters that are kept, and so many that each message counts more than it has. */
const MAX_TEXT = 300_000;
const EACH = 300;
/** Characters of history in one channel message. */
const MAX_CHUNK = 32_000;
/** A stranger's clock may run ahead by so much and no more: the highest number would end all counting, and be the last for ever. */
const MAX_AHEAD = 100_000;
/** Questions of one participant that are answered at once, and a second after that: an answer is large. */
const QUESTIONS = [20, 0.1] as const;

/** Characters that one participant is listened to: at once as many as are kept, and so many a second after that. */
const HEARD = [MAX_TEXT, 20_000] as const;

interface Item {
  readonly entry: ChatEntry;
  /** Who has brought it: its author, or somebody who is still here. */
  readonly from: string;
  /** What is shown of it; the same object for as long as it is. */
  readonly message: ChatMessage;
}

/**
 * Text between callers: in the same order for everyone, each message once. A channel delivers what was sent over it; when
 * one opens, both sides say what they have, and hand over what the other lacks. That serves a late joiner and a link that
 * was made anew alike.
 */
export class Chat {
  readonly #host: ChatHost;
  #items: Item[] = [];
  #clock = 0;
  /** Authors whose messages someone else offered while the author itself was here to hand them over. */
  readonly #deferred = new Set<string>();
  /** How much of each participant is heard, and answered. */
  readonly #rations = new Map<string, { readonly heard: Ration; readonly answered: Ration }>();

  constructor(host: ChatHost) {
    this.#host = host;
  }

  clear(): void {
    this.#items = [];
    this.#deferred.clear();
    this.#clock = 0;
    this.#tell();
  }

  /** Sends to everyone, or to one participant. Throws a CallError for text that is empty or too long. */
  write(text: string, name: string, to?: string): ChatMessage {
    if (text.trim() === '') throw new CallError('message-empty');
    if (text.length > LIMITS.chatText)
      throw new CallError(
        'message-too-long',
        `${String(text.length)} > ${String(LIMITS.chatText)}`,
      );
    if (to !== undefined && !this.#host.isPresent(to))
      throw new CallError('participant-unknown', `"${to}"`);
    const entry: ChatEntry = {
      id: randomId(),
      author: this.#host.selfId,
      name,
      text,
      time: Date.now(),
      clock: ++this.#clock,
    };
    const isPrivate = to !== undefined;
    this.#host.send({ kind: 'chat', entry, isPrivate }, to);
    const item = this.#item(entry, this.#host.selfId, isPrivate);
    this.#add([item]);
    return item.message;
  }

  /** The channel to a participant is open. */
  greet(id: string): void {
    this.#host.send({ kind: 'chat-have', ids: this.#shared().map(({ id: have }) => have) }, id);
  }

  /** Somebody left: what others have of its messages is now welcome. */
  handleLeft(id: string): void {
    this.#rations.delete(id);
    if (!this.#deferred.delete(id)) return;
    this.#host.send({ kind: 'chat-have', ids: this.#shared().map(({ id: have }) => have) });
  }

  handle(from: string, message: ChannelMessage): void {
    switch (message.kind) {
      case 'chat':
        // Nobody speaks for someone else.
        if (message.entry.author === from) this.#hear(from, [message.entry], message.isPrivate);
        return;
      case 'chat-have':
        if (this.#rationOf(from).answered.take()) this.#handOver(from, new Set(message.ids));
        return;
      case 'chat-history':
        this.#hear(
          from,
          message.entries.filter(({ author }) => this.#mayHandOver(from, author)),
          false,
        );
        return;
      default:
    }
  }

  /** Takes as much as one participant is listened to. */
  #hear(from: string, entries: readonly ChatEntry[], isPrivate: boolean): void {
    const { heard } = this.#rationOf(from);
    const taken = entries.filter((entry) => heard.take(sizeOf(entry)));
    this.#add(taken.map((entry) => this.#item(entry, from, isPrivate)));
  }

  #rationOf(id: string): { readonly heard: Ration; readonly answered: Ration } {
    const known = this.#rations.get(id);
    if (known) return known;
    const ration = { heard: new Ration(...HEARD), answered: new Ration(...QUESTIONS) };
    this.#rations.set(id, ration);
    return ration;
  }

  /** A message comes from its author as long as that one is here; only those who left are quoted by others. */
  #mayHandOver(from: string, author: string): boolean {
    if (author === from) return true;
    if (author === this.#host.selfId) return false;
    if (!this.#host.isPresent(author)) return true;
    this.#deferred.add(author);
    return false;
  }

  /** What everybody may know, the latest part of it. */
  #shared(): readonly ChatEntry[] {
    return this.#items
      .filter(({ message }) => !message.isPrivate)
      .slice(-LIMITS.chatHistory)
      .map(({ entry }) => entry);
  }

  #handOver(to: string, have: ReadonlySet<string>): void {
    let entries: ChatEntry[] = [];
    let size = 0;
    const flush = (): void => {
      if (entries.length > 0) this.#host.send({ kind: 'chat-history', entries }, to);
      entries = [];
      size = 0;
    };
    for (const entry of this.#shared()) {
      if (have.has(entry.id)) continue;
      if (size + entry.text.length > MAX_CHUNK) flush();
      entries.push(entry);
      size += entry.text.length;
    }
    flush();
  }

  #add(items: readonly Item[]): void {
    const { length } = this.#items;
    for (const item of items) {
      const { id, clock } = item.entry;
      if (this.#items.some(({ entry }) => entry.id === id)) continue;
      this.#items.push(item);
      this.#clock = Math.max(this.#clock, clock);
    }
    if (this.#items.length === length) return;
    this.#items.sort((a, b) => byClock(a.entry, b.entry));
    while (this.#forget());
    this.#tell();
  }

  /** Forgets one message when there is too much: the oldest of whoever has brought the most, so that nobody ousts the others. */
  #forget(): boolean {
    const sizes = new Map<string, number>();
    let all = 0;
    for (const { entry, from } of this.#items) {
      all += sizeOf(entry);
      sizes.set(from, (sizes.get(from) ?? 0) + sizeOf(entry));
    }
    if (all <= MAX_TEXT) return false;
    const [most] = [...sizes].sort(([, a], [, b]) => b - a);
    this.#items.splice(
      this.#items.findIndex(({ from }) => from === most?.[0]),
      1,
    );
    return true;
  }

  #tell(): void {
    this.#host.onChange(this.#items.map(({ message }) => message));
  }

  #item(entry: ChatEntry, from: string, isPrivate: boolean): Item {
    const { id, author, name, text, time } = entry;
    const isLocal = author === this.#host.selfId;
    const message = {
      id,
      from: author,
      // Who has a name of the server's writes under no other.
      name: this.#host.vouchedName(author) ?? name,
      text,
      time: new Date(time),
      isLocal,
      isPrivate,
    };
    const clock = Math.min(entry.clock, this.#clock + MAX_AHEAD);
    return { entry: { ...entry, clock }, from, message };
  }
}

const sizeOf = ({ text }: ChatEntry): number => text.length + EACH;

function byClock(a: ChatEntry, b: ChatEntry): number {
  return a.clock - b.clock || compare(a.author, b.author) || compare(a.id, b.id);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
