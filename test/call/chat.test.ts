import { expect } from '@open-wc/testing';
import { Chat } from '../../src/call/chat.ts';
import type { ChatMessage } from '../../src/call/state.ts';
import type { ChannelMessage, ChatEntry } from '../../src/protocol/channel.ts';

/** Chats that deliver to each other through lists, so that a test decides when and what arrives. */
class Party {
  readonly chat: Chat;
  readonly id: string;
  readonly present = new Set<string>();
  readonly vouched = new Map<string, string>();
  messages: readonly ChatMessage[] = [];
  sent: { message: ChannelMessage; to: string | undefined }[] = [];

  constructor(id: string) {
    this.id = id;
    this.chat = new Chat({
      selfId: id,
      send: (message, to) => this.sent.push({ message, to }),
      isPresent: (other) => this.present.has(other),
      vouchedName: (other) => this.vouched.get(other),
      onChange: (messages) => {
        this.messages = messages;
      },
    });
  }

  get texts(): string {
    return this.messages.map(({ text }) => text).join(' ');
  }
}

/** Delivers what `from` has sent to `to`, and empties its list. */
function deliver(from: Party, ...to: Party[]): void {
  const sent = from.sent;
  from.sent = [];
  for (const { message, to: only } of sent)
    for (const party of to)
      if (only === undefined || only === party.id) party.chat.handle(from.id, message);
}

function open(a: Party, b: Party): void {
  a.present.add(b.id);
  b.present.add(a.id);
  a.chat.greet(b.id);
  b.chat.greet(a.id);
  deliver(a, b);
  deliver(b, a);
  deliver(a, b);
}

describe('Chat', () => {
  let a: Party;
  let b: Party;
  let c: Party;
  beforeEach(() => {
    a = new Party('aaaaaaaa');
    b = new Party('bbbbbbbb');
    c = new Party('cccccccc');
    open(a, b);
  });

  it('brings messages in the same order to everyone', () => {
    a.chat.write('one', 'A');
    deliver(a, b);
    b.chat.write('two', 'B');
    deliver(b, a);
    a.chat.write('three', 'A');
    b.chat.write('three-too', 'B');
    deliver(a, b);
    deliver(b, a);
    expect(a.texts).to.equal('one two three three-too');
    expect(b.texts).to.equal(a.texts);
  });

  it('hands what was missed to a late joiner, once each', () => {
    a.chat.write('one', 'A');
    b.chat.write('two', 'B');
    deliver(a, b);
    deliver(b, a);
    c.present.add('aaaaaaaa').add('bbbbbbbb');
    open(a, c);
    open(b, c);
    expect(c.texts.split(' ').sort()).to.deep.equal(['one', 'two']);
    expect(c.messages).to.have.lengthOf(2);
  });

  it('hands over what someone wrote who has left', () => {
    a.chat.write('from A', 'A');
    deliver(a, b);
    open(b, c);
    expect(c.texts).to.equal('from A');
    expect(c.messages[0]?.name).to.equal('A');
  });

  it('waits for the author as long as it is here, and takes the word of others when it has left', () => {
    a.chat.write('from A', 'A');
    deliver(a, b);
    c.present.add('aaaaaaaa');
    open(b, c);
    expect(c.texts).to.equal('');
    c.present.delete('aaaaaaaa');
    c.chat.handleLeft('aaaaaaaa');
    deliver(c, b);
    deliver(b, c);
    expect(c.texts).to.equal('from A');
  });

  it('resends what was written while a link was down', () => {
    a.chat.write('lost', 'A');
    a.sent = [];
    open(a, b);
    expect(b.texts).to.equal('lost');
  });

  it('lets nobody speak for another', () => {
    const entry: ChatEntry = {
      id: 'forgedforged',
      author: 'aaaaaaaa',
      name: 'A',
      text: 'forged',
      time: 0,
      clock: 1,
    };
    b.chat.handle('cccccccc', { kind: 'chat', entry, isPrivate: false });
    b.chat.handle('cccccccc', { kind: 'chat-history', entries: [entry] });
    b.chat.handle('cccccccc', {
      kind: 'chat-history',
      entries: [{ ...entry, author: 'bbbbbbbb' }],
    });
    expect(b.texts).to.equal('');
  });

  it('shows under no other name who has one of the server', () => {
    const [a, b] = [new Party('a'), new Party('b')];
    open(a, b);
    b.vouched.set('a', 'Eve');
    a.chat.write('I am the boss', 'Boss');
    deliver(a, b);
    expect(b.messages.map(({ name }) => name)).to.deep.equal(['Eve']);
  });

  it('keeps counting after a message with a huge clock', () => {
    const entry: ChatEntry = {
      id: 'hugehuge',
      author: 'bbbbbbbb',
      name: 'B',
      text: 'huge',
      time: 0,
      clock: Number.MAX_SAFE_INTEGER,
    };
    a.chat.handle('bbbbbbbb', { kind: 'chat', entry, isPrivate: false });
    a.chat.write('after', 'A');
    const written = a.sent.at(-1)?.message;
    expect(written?.kind === 'chat' && written.entry.clock).to.be.below(1_000_000);
  });

  const flood = (count: number, author: string): ChatEntry[] =>
    Array.from({ length: count }, (_, n) => ({
      id: `flood-${author}-${String(n)}`,
      author: author || `nobody-${String(n)}`,
      name: 'Eve',
      text: 'x',
      time: 0,
      clock: Number.MAX_SAFE_INTEGER,
    }));

  for (const author of ['eeeeeeee', ''])
    it(`keeps what others say beside a flood with huge clocks ${author ? '' : 'in the names of many'}`, () => {
      a.chat.write('before', 'A');
      const entries = flood(1_200, author);
      for (let n = 0; n < entries.length; n += 200)
        a.chat.handle('eeeeeeee', {
          kind: 'chat-history',
          entries: entries.slice(n, n + 200),
        });
      b.chat.write('from B', 'B');
      deliver(b, a);
      a.chat.write('after', 'A');
      deliver(a, b);
      const said = a.messages.filter(({ from }) => from === a.id || from === b.id);
      expect(said.map(({ text }) => text)).to.have.members(['before', 'from B', 'after']);
      expect(a.messages.at(-1)?.text).to.equal('after');
      expect(b.texts).to.equal('before from B after');
    });

  it('shows a message once that comes twice in one frame', () => {
    const [entry] = flood(1, 'bbbbbbbb') as [ChatEntry];
    a.chat.handle('bbbbbbbb', { kind: 'chat-history', entries: [entry, entry] });
    expect(a.messages).to.have.lengthOf(1);
  });

  it('listens to so many messages at once and no more, however short they are', () => {
    for (let n = 0; n < 20; n++)
      a.chat.handle('bbbbbbbb', {
        kind: 'chat-history',
        entries: flood(200, `left${String(n)}`).map((entry) => ({ ...entry, text: String(n) })),
      });
    // Of the 2,800 after these a few, since time goes by.
    expect(a.messages.filter(({ text }) => Number(text) > 5).length).to.be.below(500);
  });

  it('hands the last 200 messages over, in pieces that fit', () => {
    for (let n = 0; n < 250; n++) a.chat.write(`${String(n)} ${'x'.repeat(1_100)}`, 'A');
    a.sent = [];
    open(a, c);
    expect(c.messages).to.have.lengthOf(200);
    expect(c.messages[0]?.text.startsWith('50 ')).to.equal(true);
  });

  it('keeps so much text and no more, the latest', () => {
    for (let n = 0; n < 100; n++) a.chat.write(String(n).padEnd(8_000, 'x'), 'A');
    expect(a.texts.length).to.be.within(280_000, 301_000);
    expect(a.messages.at(-1)?.text.startsWith('99x')).to.equal(true);
    a.sent = [];
    open(a, c);
    expect(c.messages).to.have.lengthOf(a.messages.length);
  });

  it('answers somebody who asks again and again a few times only', () => {
    a.chat.write('hello', 'A');
    a.sent = [];
    for (let n = 0; n < 500; n++) a.chat.handle('bbbbbbbb', { kind: 'chat-have', ids: [] });
    expect(a.sent).to.have.lengthOf.within(10, 30);
    a.chat.handle('cccccccc', { kind: 'chat-have', ids: [] });
    expect(a.sent.at(-1)?.to).to.equal('cccccccc');
  });

  it('sends a private message to one only, and never hands it on', () => {
    b.present.add('cccccccc');
    a.present.add('cccccccc');
    a.chat.write('secret', 'A', 'bbbbbbbb');
    deliver(a, b, c);
    expect(b.texts).to.equal('secret');
    expect(b.messages[0]?.isPrivate).to.equal(true);
    open(b, c);
    expect(c.texts).to.equal('');
  });

  it('refuses empty and long texts and unknown participants by name', () => {
    expect(() => a.chat.write('  ', 'A'))
      .to.throw()
      .with.property('code', 'message-empty');
    expect(() => a.chat.write('x'.repeat(8_001), 'A'))
      .to.throw()
      .with.property('code', 'message-too-long');
    expect(() => a.chat.write('x', 'A', 'zzzzzzzz'))
      .to.throw()
      .with.property('code', 'participant-unknown');
    expect(a.messages).to.have.lengthOf(0);
  });
});
