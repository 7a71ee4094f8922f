import { expect } from '@open-wc/testing';
import { CONTROL_NAMES } from '../../src/elements/options.ts';
import { callState, fakeStream, localPerson, message, participant } from './fixtures.ts';
import { deep, deepAll, settled, show, type Shown } from './helpers.ts';

const control = (shown: Shown, name: string) =>
  deep(shown.root, `video-call-controls`)!.shadowRoot!.querySelector<HTMLElement>(
    `[data-control=${name}]`,
  );
const names = (shown: Shown) =>
  deepAll(shown.root, '.bar [data-control]').map((each) => each.dataset['control']);

describe('controls', () => {
  it('ask for what they stand for, and change nothing themselves', async () => {
    const shown = await show(callState({ remote: [participant(1)] }));
    for (const name of ['microphone', 'camera', 'screen', 'leave'] as const)
      await shown.press(`[data-control=${name}]`);
    expect(shown.requests).to.deep.equal([
      ['microphone', { on: false }],
      ['camera', { on: false }],
      ['screen', { on: true }],
      ['leave', {}],
    ]);
    expect(control(shown, 'microphone')!.ariaPressed).to.equal('true');
  });

  it('say their state to screen readers under one lasting name', async () => {
    const screenStream = fakeStream(1, { kind: 'screen' });
    const shown = await show(callState());
    const read = (name: string) => [
      control(shown, name)!.ariaLabel,
      control(shown, name)!.ariaPressed,
    ];
    expect(read('microphone')).to.deep.equal(['Microphone', 'true']);
    expect(read('camera')).to.deep.equal(['Camera', 'true']);
    expect(read('screen')).to.deep.equal(['Share screen', 'false']);
    const local = localPerson({ microphone: 'off', camera: 'off', screen: 'on', screenStream });
    await shown.update(callState({ local }));
    expect(read('microphone')).to.deep.equal(['Microphone', 'false']);
    expect(read('camera')).to.deep.equal(['Camera', 'false']);
    expect(read('screen')).to.deep.equal(['Share screen', 'true']);
    await shown.press('[data-control=microphone]');
    expect(shown.requests).to.deep.equal([['microphone', { on: true }]]);
  });

  it('wait while a request is under way', async () => {
    const pending = { microphone: true, camera: false, screen: false };
    const shown = await show(callState({ pending }));
    expect(control(shown, 'microphone')!.ariaBusy).to.equal('true');
    await shown.press('[data-control=microphone]');
    expect(shown.requests).to.deep.equal([]);
  });

  it('are the ones that the page and the browser offer', async () => {
    const shown = await show(callState());
    expect(names(shown)).to.deep.equal([...CONTROL_NAMES]);
    await shown.update(callState(), { controls: ['camera', 'leave'] });
    expect(names(shown)).to.deep.equal(['camera', 'leave']);
    await shown.update(callState(), { canShareScreen: false });
    expect(names(shown)).not.to.include('screen');
    await shown.update(callState(), { audioOnly: true });
    expect(names(shown)).not.to.include('camera');
    await shown.update(callState(), { viewOnly: true });
    expect(names(shown)).not.to.include.members(['microphone', 'camera', 'screen']);
  });

  it('go behind "more" where there is no room, and still work there', async () => {
    const shown = await show(
      callState({ remote: [participant(1)] }),
      {},
      { width: 220, height: 160 },
    );
    expect(names(shown)).to.include.members(['microphone', 'camera', 'leave']);
    expect(names(shown)).not.to.include('settings');
    const more = deep(shown.root, '.more')!;
    const bar = deep(shown.root, '.bar')!;
    expect(bar.scrollWidth).to.be.at.most(220);
    expect(more.ariaExpanded).to.equal('false');
    await shown.press('.more');
    expect(more.ariaExpanded).to.equal('true');
    const inside = deepAll(shown.root, '.menu [data-control]');
    expect((more.getRootNode() as ShadowRoot).activeElement).to.equal(inside[0]);
    await shown.press('.menu [data-control=screen]');
    expect(shown.requests).to.deep.equal([['screen', { on: true }]]);
    expect(deep(shown.root, '.menu')).to.be.undefined;
    await shown.press('.more');
    deep(shown.root, '.menu')!.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, composed: true }),
    );
    await settled();
    expect(deep(shown.root, '.menu')).to.be.undefined;
    expect((more.getRootNode() as ShadowRoot).activeElement).to.equal(more);
  });

  it('switch the layout', async () => {
    const shown = await show(callState({ remote: [participant(1), participant(2)] }));
    expect(control(shown, 'layout')!.ariaPressed).to.equal('false');
    await shown.press('[data-control=layout]');
    expect(control(shown, 'layout')!.ariaPressed).to.equal('true');
    expect(deepAll(shown.root, 'video-call-tile.main')).to.have.length(1);
    // The page's wish wins when it changes.
    await shown.update(callState({ remote: [participant(1), participant(2)] }), { layout: 'grid' });
    expect(deepAll(shown.root, 'video-call-tile.main')).to.have.length(0);
  });

  it('count what has not been read', async () => {
    const shown = await show(callState());
    const messages = [message('one'), message('two'), message('mine', { isLocal: true })];
    await shown.update(callState({ messages }));
    expect(control(shown, 'chat')!.ariaLabel).to.equal('Chat, unread: 2');
    expect(control(shown, 'chat')!.textContent.trim()).to.equal('2');
  });
});
