import { expect, waitUntil } from '@open-wc/testing';
import type { Participant } from '../../src/call/state.ts';
import { announcements } from '../../src/controllers/announcements.ts';
import { countUnread } from '../../src/controllers/unread.ts';
import { en } from '../../src/i18n/index.ts';
import { callState, localPerson, message, participant } from './fixtures.ts';
import { deep, deepAll, focused, opened, settled, show, wordsOf, type Shown } from './helpers.ts';

const off = { camera: 'off' } as const;
const escape = async (): Promise<void> => {
  focused()!.dispatchEvent(
    new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, composed: true }),
  );
  await settled();
};
const said = (shown: Shown): string[] =>
  deepAll(shown.root, '.said p').map((line) => line.textContent);

describe('room', () => {
  it('says that nobody is here, and what to do', async () => {
    const shown = await show(callState());
    const words = wordsOf(deep(shown.root, 'video-call-alone')!);
    expect(words).to.include('Nobody else is here yet').and.include('Copy link');
    await shown.update(callState({ remote: [participant(1, off)] }));
    expect(deep(shown.root, 'video-call-alone')).to.be.undefined;
  });

  it('lets the page say something else to somebody alone', async () => {
    const shown = await show(callState());
    const own = document.createElement('p');
    own.slot = 'alone';
    own.textContent = 'Your doctor comes soon.';
    shown.view.append(own);
    await settled();
    expect(deep(shown.root, 'video-call-alone')).to.be.undefined;
    expect(own.getBoundingClientRect().height).to.be.above(0);
  });

  for (const name of ['chat', 'people', 'settings', 'reactions'] as const)
    it(`opens ${name} with the focus in it; Escape closes it and gives the focus back`, async () => {
      const shown = await show(callState({ remote: [participant(1, off)] }));
      const control = deep(shown.root, `.bar [data-control=${name}]`)!;
      await opened(shown, name);
      expect(control.ariaExpanded).to.equal('true');
      const panel = deep(shown.root, `video-call-${name}`)!;
      expect(panel.shadowRoot!.activeElement).to.exist;
      await escape();
      expect(control.ariaExpanded).to.equal('false');
      expect(focused()).to.equal(control);
    });

  it('offers a hand to raise and emoji to send, beside an open panel', async () => {
    const shown = await show(callState({ remote: [participant(1, off)] }));
    await opened(shown, 'chat');
    await opened(shown, 'reactions');
    expect(deep(shown.root, 'video-call-chat')!.hidden).to.be.false;
    const buttons = (): HTMLElement[] =>
      deepAll(shown.root, 'video-call-reactions')[0]!.shadowRoot!.querySelectorAll(
        'button',
      ) as never;
    expect(wordsOf(buttons()[0]!)).to.include('Raise hand');
    buttons()[0]!.click();
    buttons()[1]!.click();
    expect(shown.requests).to.deep.equal([
      ['hand', { on: true }],
      ['reaction', { emoji: '👍' }],
    ]);
    await shown.update(callState({ local: localPerson({ handRaised: true }) }));
    expect(wordsOf(buttons()[0]!)).to.include('Lower hand');
    buttons()[0]!.click();
    expect(shown.requests.at(-1)).to.deep.equal(['hand', { on: false }]);
    await escape();
    expect(deep(shown.root, 'video-call-reactions')).to.be.undefined;
    expect(deep(shown.root, 'video-call-chat')!.hidden).to.be.false;
  });

  it('covers the pictures with a panel where it is narrow, and takes them out of reach', async () => {
    const shown = await show(callState(), {}, { width: 400, height: 600 });
    await opened(shown, 'chat');
    expect(deep(shown.root, '.main')!.inert).to.be.true;
    const panel = deep(shown.root, 'aside')!.getBoundingClientRect();
    expect([panel.width, panel.height]).to.deep.equal([400, 600]);
    await escape();
    expect(deep(shown.root, '.main')!.inert).to.be.false;
  });

  it('puts a panel beside the pictures where it is wide', async () => {
    const shown = await show(callState(), {}, { width: 1100, height: 600 });
    await opened(shown, 'people');
    expect(deep(shown.root, '.main')!.inert).to.be.false;
    const panel = deep(shown.root, 'aside')!.getBoundingClientRect();
    const main = deep(shown.root, '.main')!.getBoundingClientRect();
    expect(panel.left).to.be.at.least(main.right);
  });

  it('lists people with microphone, camera and connection in words', async () => {
    const shown = await show(
      callState({
        remote: [
          participant(1, { ...off, isSpeaking: true }),
          participant(2, { ...off, microphone: 'off', connection: 'reconnecting' }),
          participant(3, { ...off, quality: 1, name: '' }),
        ],
      }),
    );
    await opened(shown, 'people');
    const lines = deepAll(shown.root, 'video-call-people')[0]!.shadowRoot!.querySelectorAll('li');
    const words = [...lines].map((line) => line.textContent.replace(/\s+/g, ' '));
    expect(words[0]).to.include('Robin Example (you)');
    expect(words[1])
      .to.include('Speaking')
      .and.include('Microphone: on')
      .and.include('Camera: off');
    expect(words[2]).to.include('Reconnecting…').and.include('Microphone: off');
    expect(words[3]).to.include('Guest').and.include('Poor connection');
  });

  it('tells what is on the screen, and what is not', async () => {
    const people = Array.from({ length: 12 }, (_, index) => participant(index + 1, off));
    const shown = await show(callState({ remote: people }));
    const density = devicePixelRatio;
    const tile = deep(shown.root, 'video-call-tile')!;
    const told = shown.views.at(-1)!;
    // Nine tiles a page, one of them the caller's own.
    expect(told.pictures).to.have.length(8);
    expect(told.pictures![0]).to.deep.equal({
      id: 'person-1',
      kind: 'camera',
      width: tile.offsetWidth * density,
      height: tile.offsetHeight * density,
      isMain: false,
    });
    expect(told.ownLines).to.equal(tile.offsetHeight * density);
    await shown.press('.pager button:last-of-type');
    const next = shown.views.at(-1)!.pictures!.map(({ id }) => id);
    expect(next).to.include('person-12');
    expect(next).not.to.include('person-1');

    await shown.update(callState({ remote: people.slice(0, 2) }), { layout: 'speaker' });
    const [main, other] = shown.views.at(-1)!.pictures!;
    expect(main!.isMain).to.equal(true);
    expect(other!.isMain).to.equal(false);
    expect(main!.width).to.be.greaterThan(3 * other!.width);

    // Scrolled away nothing is shown; without a box nobody knows.
    shown.box.style.marginBlockStart = '5000px';
    await waitUntil(() => shown.views.at(-1)!.pictures?.length === 0, 'nothing is shown');
    shown.box.style.display = 'none';
    await waitUntil(() => shown.views.at(-1)!.pictures === undefined, 'nothing is known');
  });

  it('hides the picture of somebody whom the caller does not want to see', async () => {
    const person = participant(1, off);
    const shown = await show(callState({ remote: [person] }));
    await opened(shown, 'people');
    await shown.press('li [aria-expanded]');
    await waitUntil(() => deep(shown.root, '.menu button') !== undefined, 'the menu');
    await shown.press('.menu button');
    expect(shown.requests).to.deep.equal([['video', { id: person.id, on: false }]]);
    await shown.update(callState({ remote: [participant(1, { isVideoStopped: true })] }));
    expect(deep(shown.root, 'video-call-tile')!.shadowRoot!.querySelector('video')).to.equal(null);
    await shown.press('.menu button');
    expect(shown.requests.at(-1)).to.deep.equal(['video', { id: person.id, on: true }]);
  });

  it('asks for devices and a name in the settings, and changes the layout', async () => {
    const people = [1, 2, 3].map((number) => participant(number, off));
    const shown = await show(callState({ remote: people }), { canChooseSpeaker: true });
    await opened(shown, 'settings');
    const dialog = deep(shown.root, '[role=dialog]')!;
    expect(dialog.ariaLabel).to.equal('Settings');
    const change = (element: HTMLElement, value: string): void => {
      (element as HTMLSelectElement).value = value;
      element.dispatchEvent(new Event('change', { bubbles: true }));
    };
    const selects = deepAll(dialog, 'select');
    expect(selects).to.have.length(5);
    change(selects[0]!, 'mic-2');
    change(selects[2]!, 'out-1');
    change(deep(dialog, 'input')!, ' Zoë ');
    change(selects[3]!, 'speaker');
    change(selects[4]!, 'low');
    await settled();
    expect(shown.requests).to.deep.equal([
      ['device', { kind: 'microphone', id: 'mic-2' }],
      ['device', { kind: 'speaker', id: 'out-1' }],
      ['name', { name: 'Zoë' }],
      ['quality', { quality: 'low' }],
    ]);
    expect(deepAll(shown.root, 'video-call-tile.main')).to.have.length(1);
  });

  it('offers nothing to switch on to whom the server lets watch only', async () => {
    const local = localPerson({ role: 'viewer', microphone: 'off', camera: 'off' });
    const shown = await show(callState({ local, remote: [participant(1, off)] }));
    const offered = deepAll(shown.root, '.bar [data-control]').map(
      ({ dataset }) => dataset['control'],
    );
    expect(offered).to.include('leave').and.not.include.members(['microphone']);
    expect(offered).to.not.include('camera').and.not.include('screen');
    await opened(shown, 'settings');
    expect(wordsOf(deep(shown.root, '[role=dialog]')!)).to.not.include('Microphone');
  });

  it('lets nobody change a name that the server vouches for', async () => {
    const shown = await show(callState({ isNameFixed: true }));
    await opened(shown, 'settings');
    const field = deep(deep(shown.root, 'video-call-settings')!.shadowRoot!, 'input');
    expect((field as HTMLInputElement).disabled).to.be.true;
  });

  it('opens the settings with the focus in them, without any device too', async () => {
    const none = { microphone: [], camera: [], speaker: [] };
    const { devices } = callState();
    const shown = await show(callState({ devices: { ...devices, available: none } }));
    await opened(shown, 'settings');
    expect(focused()?.getRootNode()).to.equal(deep(shown.root, 'video-call-settings')!.shadowRoot);
  });

  it('keeps the keyboard where somebody knocked and was let in', async () => {
    const knock = { id: 'knocker', name: 'Bob' };
    const local = localPerson({ role: 'moderator' });
    const shown = await show(callState({ local, knocks: [knock] }));
    await waitUntil(() => deep(shown.root, '.knock button.primary'));
    deep(shown.root, '.knock button.primary')!.focus();
    await shown.press('.knock button.primary');
    await shown.update(callState({ local }));
    expect(focused()?.getRootNode()).to.equal(deep(shown.root, 'video-call-knocks')!.shadowRoot);
  });

  it('says aloud who comes and goes, once and by name', async () => {
    const [ada, grace] = [participant(1, off), participant(2, off)];
    const shown = await show(callState({ remote: [ada] }));
    expect(said(shown)).to.deep.equal(['You are in the call. Others here: 1']);
    await shown.update(callState({ remote: [ada, grace] }));
    await shown.update(callState({ remote: [grace], messages: [message('Bye!')] }));
    expect(said(shown).slice(1)).to.deep.equal([
      'Grace Hopper joined',
      'Ada Lovelace left',
      'Message from Ada Lovelace: Bye!',
    ]);
  });
});

describe('announcements', () => {
  const base = callState({ remote: [participant(1, off)] });
  const between = (before: readonly Participant[], after: readonly Participant[]): string[] =>
    announcements({ ...base, remote: before }, { ...base, remote: after }, en, false);

  it('wait for the name of somebody who joins', () => {
    const nameless = participant(2, { ...off, name: '', connection: 'connecting' });
    const named = { ...nameless, name: 'Grace' };
    expect(between([], [nameless])).to.deep.equal([]);
    expect(between([nameless], [named])).to.deep.equal(['Grace joined']);
    expect(between([nameless], [{ ...nameless, connection: 'connected' }])).to.deep.equal([
      'Guest joined',
    ]);
    expect(between([nameless], [])).to.deep.equal([]);
  });

  it('tell of connections and screens', () => {
    const person = participant(2, off);
    const lost = { ...person, connection: 'reconnecting' } as const;
    expect(between([person], [lost])).to.deep.equal(['Reconnecting to Grace Hopper']);
    expect(between([lost], [person])).to.deep.equal(['Grace Hopper is connected again']);
    expect(between([lost], [{ ...lost, connection: 'failed' }])).to.deep.equal([
      'Can’t reach Grace Hopper',
    ]);
    expect(between([person], [{ ...person, screen: 'on' }])).to.deep.equal([
      'Grace Hopper shares a screen',
    ]);
  });

  it('read out few messages, and none while the chat is open', () => {
    const some = { ...base, messages: [message('Hi')] };
    expect(announcements(base, some, en, false)).to.deep.equal(['Message from Ada Lovelace: Hi']);
    expect(announcements(base, some, en, true)).to.deep.equal([]);
    const history = { ...base, messages: Array.from({ length: 50 }, () => message('old')) };
    expect(announcements(base, history, en, false)).to.deep.equal([]);
  });

  it('count unread messages after the last one seen', () => {
    const [one, two, own] = [message('1'), message('2'), message('3', { isLocal: true })];
    expect(countUnread([one, two, own], '')).to.equal(2);
    expect(countUnread([one, two, own], one.id)).to.equal(1);
    expect(countUnread([one, two, own], 'gone')).to.equal(2);
    expect(countUnread([], '')).to.equal(0);
  });
});
