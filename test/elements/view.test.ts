import { expect, waitUntil } from '@open-wc/testing';
import { CallError, type ErrorCode } from '../../src/call/errors.ts';
import type { CallState } from '../../src/call/state.ts';
import { VIEW_PARTS } from '../../src/elements/view.ts';
import { callState, localPerson, message, participant } from './fixtures.ts';
import { deep, deepAll, focused, opened, show, wordsOf } from './helpers.ts';

const error = (code: ErrorCode, detail = ''): CallError => new CallError(code, detail);
/** Whatever has come has finished coming. */
const still = () => new Promise((resolve) => setTimeout(resolve, 400));
const off = { camera: 'off' } as const;
const people = () => [1, 2, 3].map((number) => participant(number, off));

describe('view', () => {
  const screens: readonly (readonly [Partial<CallState>, string, readonly string[]])[] = [
    [{ status: 'idle' }, 'No call yet', []],
    [{ status: 'idle', error: error('room-missing') }, 'has no room yet', []],
    [{ status: 'joining' }, 'Joining the call…', ['leave']],
    [{ status: 'left' }, 'You left the call', ['join', 'return-to-lobby']],
    [
      { status: 'failed', error: error('server-unreachable') },
      'cannot be reached',
      ['join', 'return-to-lobby'],
    ],
    [{ status: 'failed', error: error('browser-unsupported') }, 'Firefox', ['return-to-lobby']],
  ];
  for (const [changes, words, requests] of screens)
    it(`says "${words}" and offers ${requests.join(', ') || 'nothing'}`, async () => {
      const shown = await show(callState(changes));
      expect(wordsOf(shown.root)).to.include(words);
      for (const button of deepAll(shown.root, 'video-call-screen button')) button.click();
      for (const button of deepAll(shown.root, '[data-request]')) button.click();
      expect(shown.requests).to.deep.equal(requests.map((name) => [name, {}]));
    });

  it('shows notices in words; errors interrupt, and all can be dismissed', async () => {
    const shown = await show(
      callState({
        notices: [
          { code: 'peer-unreachable', kind: 'error', detail: '<b>Ada</b>' },
          { code: 'alone-again', kind: 'info', detail: '' },
          { code: 'never-heard-of', kind: 'warning', detail: '' },
        ],
      }),
    );
    const notices = deep(shown.root, 'video-call-notices')!;
    expect(wordsOf(deep(notices.shadowRoot!, '[role=alert]')!)).to.include(
      'No connection to <b>Ada</b>',
    );
    const status = wordsOf(deep(notices.shadowRoot!, '[role=status]')!);
    expect(status).to.include('Everyone else has left').and.include('Something went wrong');
    await shown.press('[data-code=alone-again] button');
    expect(shown.requests).to.deep.equal([['dismiss-notice', { code: 'alone-again' }]]);
  });

  it('keeps the keyboard among the notices when one is dismissed', async () => {
    const [first, second] = (['alone-again', 'camera-ended'] as const).map((code) => ({
      code,
      kind: 'info' as const,
      detail: '',
    }));
    const shown = await show(callState({ notices: [first!, second!] }));
    for (const [code, left] of [
      ['alone-again', [second!]],
      ['camera-ended', []],
    ] as const) {
      deep(shown.root, `[data-code=${code}] button`)!.focus();
      await shown.press(`[data-code=${code}] button`);
      await shown.update(callState({ notices: left }));
      expect(focused()?.getRootNode()).to.equal(deep(shown.root, 'video-call-notices')!.shadowRoot);
    }
  });

  it('says once that the server is out of reach, and goes on', async () => {
    const remote = people();
    const shown = await show(callState({ remote }));
    const [tile] = deepAll(shown.root, 'video-call-tile');
    const notices = [{ code: 'reconnecting', kind: 'warning', detail: '' }] as const;
    for (const more of [[], notices]) {
      await shown.update(callState({ status: 'reconnecting', remote, notices: more }));
      expect(deepAll(shown.root, '.notice')).to.have.length(1);
      expect(wordsOf(deep(shown.root, '.notice')!)).to.include('Your call goes on');
    }
    expect(deepAll(shown.root, 'video-call-tile')[0]).to.equal(tile);
  });

  it('moves the focus along when the screen changes under it', async () => {
    const shown = await show(callState({ status: 'lobby' }));
    deep(shown.root, '.join')!.focus();
    await shown.update(callState({ status: 'joining' }));
    expect(focused()).to.equal(deep(shown.root, '.root'));
    const other = document.createElement('button');
    document.body.append(other);
    other.focus();
    await shown.update(callState({ status: 'joined' }));
    expect(focused()).to.equal(other);
    other.remove();
  });

  it('says while the devices are being opened that the browser may ask', async () => {
    const pending = { microphone: true, camera: true, screen: false };
    const shown = await show(callState({ status: 'joining', pending }));
    expect(wordsOf(shown.root)).to.include('Allow them if the browser asks');
    await shown.update(callState({ status: 'joining' }));
    expect(wordsOf(shown.root)).to.include('Connecting you with the others');
    const local = localPerson(off);
    await shown.update(callState({ status: 'lobby', local, pending }));
    expect(wordsOf(shown.root)).to.include('Allow them if the browser asks');
    await shown.update(callState({ status: 'lobby', local }));
    expect(wordsOf(shown.root)).to.include('Your camera is off');
  });

  it('speaks other languages', async () => {
    const shown = await show(callState({ status: 'left' }), { lang: 'de-AT' });
    await waitUntil(() => wordsOf(shown.root).includes('Du hast den Anruf verlassen'));
    expect(deep(shown.root, '.root')!.lang).to.equal('de');
    await shown.update(callState({ status: 'left' }), { lang: 'tlh' });
    await waitUntil(() => wordsOf(shown.root).includes('You left the call'));
  });

  it('is itself on a page with hostile styles', async () => {
    const clean = await show(callState({ remote: people() }));
    const measure = (root: ParentNode) =>
      ['.root', 'video-call-tile', '.label', '.bar', '[data-control=leave]', '.avatar'].map(
        (selector) => {
          const element = deep(root, selector)!;
          const { color, fontFamily, fontSize, display, textAlign, letterSpacing, visibility } =
            getComputedStyle(element);
          const { width, height } = element.getBoundingClientRect();
          return [
            selector,
            ...[Math.round(width), Math.round(height), color, fontFamily, fontSize],
            ...[display, textAlign, letterSpacing, visibility],
          ];
        },
      );
    await still();
    const expected = measure(clean.root);
    const style = document.createElement('style');
    style.textContent = `
      * { all: unset }
      html { font-size: 5px; color: red; text-transform: uppercase; letter-spacing: 9px; direction: rtl; text-align: right; line-height: 4; cursor: none; quotes: none; word-spacing: 2em }
      video, button, span, p { display: none }
      div, span, button, * { color: red !important; font-size: 3px !important }
      style { display: none !important }`;
    document.head.append(style);
    try {
      const shown = await show(callState({ remote: people() }));
      await still();
      expect(measure(shown.root)).to.deep.equal(expected);
    } finally {
      style.remove();
    }
  });

  it('is as visible as the page wants it to be', async () => {
    const shown = await show(callState({ remote: people() }));
    shown.box.style.visibility = 'hidden';
    shown.box.style.pointerEvents = 'none';
    const style = getComputedStyle(deep(shown.root, '[data-control=leave]')!);
    expect(style.visibility).to.equal('hidden');
    expect(style.pointerEvents).to.equal('none');
  });

  it('takes its colours from the theme, and the accent from the page', async () => {
    const shown = await show(callState(), { theme: 'dark' });
    const root = () => getComputedStyle(deep(shown.root, '.root')!);
    const dark = root().backgroundColor;
    expect(root().colorScheme).to.equal('dark');
    await shown.update(callState(), { theme: 'light' });
    expect(root().colorScheme).to.equal('light');
    expect(root().backgroundColor).not.to.equal(dark);
    shown.box.style.setProperty('--video-call-background', 'rgb(1, 2, 3)');
    expect(root().backgroundColor).to.equal('rgb(1, 2, 3)');
  });

  it('hands its parts on', async () => {
    const shown = await show(callState({ remote: people(), messages: [message('Hi')] }));
    await opened(shown, 'chat');
    shown.view.setAttribute('exportparts', VIEW_PARTS);
    const style = document.createElement('style');
    const parts = ['tile', 'tile-label', 'controls', 'control-leave', 'message', 'avatar', 'stage'];
    style.textContent = parts
      .map((part) => `video-call-view::part(${part}) { outline: 3px solid rgb(1, 2, 3) }`)
      .join('\n');
    shown.box.shadowRoot!.append(style);
    for (const part of parts) {
      const element = deep(shown.root, `[part~=${part}]`)!;
      expect(getComputedStyle(element).outlineColor, part).to.equal('rgb(1, 2, 3)');
    }
  });

  it('holds long and right-to-left names without growing', async () => {
    const remote = ['W'.repeat(80), 'يوسف عبد الرحمن '.repeat(5), '👩‍🚀'.repeat(20)].map(
      (name, index) => participant(index + 1, { ...off, name, microphone: 'off' }),
    );
    const { root } = await show(callState({ remote }), {}, { width: 320, height: 240 });
    for (const label of deepAll(root, '.label')) {
      const tile = (label.getRootNode() as ShadowRoot).host.getBoundingClientRect();
      const { left, right } = label.getBoundingClientRect();
      expect(left).to.be.at.least(tile.left);
      expect(right).to.be.at.most(tile.right);
    }
  });
});

describe('accessibility', () => {
  const states: Readonly<Record<string, () => CallState>> = {
    lobby: () => callState({ status: 'lobby' }),
    'lobby with problems': () =>
      callState({
        status: 'lobby',
        local: localPerson({ camera: 'off', microphone: 'off' }),
        notices: [{ code: 'camera-denied', kind: 'error', detail: '' }],
      }),
    joining: () => callState({ status: 'joining' }),
    failed: () => callState({ status: 'failed', error: error('room-full') }),
    left: () => callState({ status: 'left' }),
    alone: () => callState(),
    call: () => callState({ remote: people(), messages: [message('Hi')] }),
    'call with problems': () =>
      callState({
        status: 'reconnecting',
        remote: [
          participant(1, { ...off, connection: 'failed' }),
          participant(2, { ...off, connection: 'connecting' }),
          participant(3, { ...off, microphone: 'off', quality: 1 }),
        ],
        notices: [{ code: 'camera-ended', kind: 'warning', detail: '' }],
      }),
  };
  for (const theme of ['dark', 'light'] as const) {
    for (const [name, state] of Object.entries(states))
      it(`${name}, ${theme}`, async () => {
        const { view } = await show(state(), { theme });
        await still();
        await expect(view).to.be.accessible();
      });
    for (const panel of ['chat', 'people', 'settings'] as const)
      it(`${panel}, ${theme}`, async () => {
        const messages = [message('Hi https://example.com/'), message('Me', { isLocal: true })];
        const shown = await show(callState({ remote: people(), messages }), { theme });
        await opened(shown, panel);
        await still();
        await expect(shown.view).to.be.accessible();
      });
  }
});
