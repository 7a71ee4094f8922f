import { expect } from '@open-wc/testing';
import type { ChatMessage } from '../../src/call/state.ts';
import { LIMITS } from '../../src/protocol/limits.ts';
import { callState, message, participant } from './fixtures.ts';
import { deep, deepAll, opened, settled, show, wordsOf, type Shown } from './helpers.ts';

const remote = [participant(1, { camera: 'off' })];
const withMessages = (messages: readonly ChatMessage[]) => callState({ remote, messages });
const chat = (shown: Shown) => deep(shown.root, 'video-call-chat')!;
const input = (shown: Shown) => deep(shown.root, 'textarea') as HTMLTextAreaElement;
const log = (shown: Shown) => deep(shown.root, '.body')!;

async function open(messages: readonly ChatMessage[], size = {}): Promise<Shown> {
  const shown = await show(withMessages(messages), {}, size);
  await opened(shown, 'chat');
  return shown;
}

async function write(shown: Shown, text: string): Promise<void> {
  input(shown).value = text;
  input(shown).dispatchEvent(new Event('input', { bubbles: true }));
  await settled();
}

const key = (shown: Shown, init: KeyboardEventInit) =>
  input(shown).dispatchEvent(
    new KeyboardEvent('keydown', { bubbles: true, composed: true, cancelable: true, ...init }),
  );

describe('chat', () => {
  it('says that there is nothing yet', async () => {
    const shown = await open([]);
    expect(wordsOf(chat(shown))).to.include('No messages yet');
    expect(log(shown).getAttribute('role')).to.equal('log');
  });

  it('shows every text as text', async () => {
    const hostile = [
      '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>',
      'javascript:window.pwned=1',
      '‮evil‬ שלום مرحبا',
      '👩‍👩‍👧‍👦🏳️‍🌈 ${1+1} {{x}} {name}',
      'line one\n\n   line three',
      'W'.repeat(10_000),
    ];
    const shown = await open(hostile.map((text) => message(text, { name: text.slice(0, 80) })));
    const texts = deepAll(chat(shown).shadowRoot!, '.text').map((each) => each.textContent);
    expect(texts).to.deep.equal(hostile);
    expect(deepAll(chat(shown).shadowRoot!, 'img, script, a')).to.deep.equal([]);
    expect((window as { pwned?: number }).pwned).to.be.undefined;
    expect(log(shown).scrollWidth).to.be.at.most(log(shown).clientWidth);
  });

  it('opens links elsewhere, without telling where from', async () => {
    const shown = await open([message('see https://example.com/a?b=1.')]);
    const link = deep(chat(shown).shadowRoot!, 'a') as HTMLAnchorElement;
    expect(link.href).to.equal('https://example.com/a?b=1');
    expect(link.target).to.equal('_blank');
    expect(link.rel).to.equal('noopener noreferrer nofollow');
  });

  it('groups what one person writes in a row', async () => {
    const time = new Date();
    const shown = await open([
      message('one', { time }),
      message('two', { time }),
      message('mine', { time, from: 'me', isLocal: true }),
      message('three', { time: new Date(time.getTime() + 10 * 60_000) }),
      message('four', { time: new Date(NaN), name: ' ', from: 'person-9' }),
    ]);
    const heads = deepAll(chat(shown).shadowRoot!, '.by bdi').map((each) => each.textContent);
    expect(heads).to.deep.equal(['Ada Lovelace', 'You', 'Ada Lovelace', 'Guest']);
  });

  it('marks what was written to one only', async () => {
    const time = new Date();
    const shown = await open([
      message('to all', { time }),
      message('to you', { time, isPrivate: true }),
      message('to all again', { time }),
    ]);
    const heads = deepAll(chat(shown).shadowRoot!, '.by').map((each) => wordsOf(each));
    expect(heads).to.have.length(3);
    expect(heads.map((head) => head.includes('private'))).to.deep.equal([false, true, false]);
  });

  it('sends with Enter, breaks lines with Shift, waits for composed characters', async () => {
    const shown = await open([]);
    await write(shown, '  hello  ');
    key(shown, { key: 'Enter', shiftKey: true });
    key(shown, { key: 'Enter', isComposing: true });
    // As in Safari, after the end of the composition.
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- there is nothing else to tell by
    key(shown, { key: 'Enter', keyCode: 229 });
    expect(shown.requests).to.deep.equal([]);
    key(shown, { key: 'Enter' });
    expect(shown.requests).to.deep.equal([['chat', { text: 'hello' }]]);
    expect(input(shown).value).to.equal('');
    key(shown, { key: 'Enter' });
    expect(shown.requests).to.have.length(1);
  });

  it('counts near the limit, and says when a text is too long', async () => {
    const shown = await open([]);
    await write(shown, 'a'.repeat(LIMITS.chatText - 10));
    expect(wordsOf(deep(shown.root, '.count')!)).to.equal('10');
    await write(shown, 'a'.repeat(LIMITS.chatText + 1));
    expect(wordsOf(chat(shown))).to.include('This message is too long');
    expect(input(shown).ariaInvalid).to.equal('true');
    key(shown, { key: 'Enter' });
    expect(shown.requests).to.deep.equal([]);
    expect(input(shown).value).to.have.length(LIMITS.chatText + 1);
  });

  it('follows new messages, unless the caller reads older ones', async () => {
    const many = Array.from({ length: 40 }, (_, i) => message(`number ${i}`));
    const shown = await open(many);
    const atEnd = () => log(shown).scrollHeight - log(shown).scrollTop - log(shown).clientHeight;
    expect(atEnd()).to.be.below(2);
    await shown.update(withMessages([...many, message('next')]));
    expect(atEnd()).to.be.below(2);
    log(shown).scrollTop = 0;
    await settled();
    const more = [...many, message('next'), message('and next')];
    await shown.update(withMessages(more));
    expect(log(shown).scrollTop).to.equal(0);
    await shown.press('.news');
    expect(atEnd()).to.be.below(2);
    expect(deep(shown.root, '.news')).to.be.undefined;
  });

  it('keeps a draft while it is closed', async () => {
    const shown = await open([]);
    await write(shown, 'half a thought');
    await shown.press('[data-control=chat]');
    expect(chat(shown).hidden).to.be.true;
    await shown.press('[data-control=chat]');
    expect(input(shown).value).to.equal('half a thought');
  });

  it('marks as read what is seen, and counts again once it is closed', async () => {
    const badge = (shown: Shown) => deep(shown.root, '.badge')?.textContent;
    const [one, two] = [message('one'), message('two')];
    const shown = await show(withMessages([one]));
    expect(badge(shown)).to.equal('1');
    await opened(shown, 'chat');
    expect(badge(shown)).to.be.undefined;
    await shown.update(withMessages([one, two]));
    expect(badge(shown)).to.be.undefined;
    await shown.press('[data-control=chat]');
    await shown.update(withMessages([one, two, message('three')]));
    expect(badge(shown)).to.equal('1');
  });
});
