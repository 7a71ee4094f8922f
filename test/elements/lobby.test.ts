import { expect, waitUntil } from '@open-wc/testing';
import { LIMITS } from '../../src/protocol/limits.ts';
import { callState, localPerson } from './fixtures.ts';
import { deep, deepAll, settled, show, wordsOf } from './helpers.ts';

const lobby = (changes: Parameters<typeof callState>[0] = {}) =>
  callState({ status: 'lobby', ...changes });

const type = async (input: HTMLElement | undefined, value: string): Promise<void> => {
  (input as HTMLInputElement).value = value;
  input!.dispatchEvent(new Event('input', { bubbles: true }));
  await settled();
};

describe('lobby', () => {
  it('shows the own picture mirrored and silent', async () => {
    const state = lobby();
    const { root } = await show(state);
    const video = deep(root, '.preview video') as HTMLVideoElement;
    expect((video.srcObject as MediaStream).getTracks()).to.deep.equal(
      state.local.stream.getVideoTracks(),
    );
    expect(video.muted).to.be.true;
    expect(getComputedStyle(video).transform).to.equal('matrix(-1, 0, 0, 1, 0, 0)');
    await waitUntil(() => !video.paused);
  });

  it('joins with the name that was typed, or with the one of the page', async () => {
    const shown = await show(lobby({ local: localPerson({ name: 'Page Name' }) }));
    const input = deep(shown.root, 'input[name=name]') as HTMLInputElement;
    expect(input.value).to.equal('Page Name');
    expect(input.maxLength).to.equal(LIMITS.name);
    await shown.press('.join');
    await type(input, '  Zoë <b>  ');
    await shown.press('.join');
    await type(input, '');
    await shown.press('.join');
    expect(shown.requests).to.deep.equal([
      ['join', { name: 'Page Name' }],
      ['join', { name: 'Zoë <b>' }],
      ['join', { name: '' }],
    ]);
  });

  it('joins by Enter in the name', async () => {
    const shown = await show(lobby());
    (deep(shown.root, 'form') as HTMLFormElement).requestSubmit();
    expect(shown.requests).to.deep.equal([['join', { name: 'Robin Example' }]]);
  });

  it('keeps what has been typed when devices arrive', async () => {
    const shown = await show(lobby({ local: localPerson({ name: '' }) }));
    await type(deep(shown.root, 'input[name=name]'), 'Half a na');
    await shown.update(lobby({ local: localPerson({ name: '' }) }));
    expect((deep(shown.root, 'input[name=name]') as HTMLInputElement).value).to.equal('Half a na');
  });

  it('switches microphone and camera', async () => {
    const shown = await show(lobby({ local: localPerson({ camera: 'off' }) }));
    await shown.press('[data-control=microphone]');
    await shown.press('[data-control=camera]');
    expect(shown.requests).to.deep.equal([
      ['microphone', { on: false }],
      ['camera', { on: true }],
    ]);
    expect(deep(shown.root, '[data-control=camera]')!.ariaPressed).to.equal('false');
    expect(wordsOf(deep(shown.root, '.preview')!))
      .to.include('RE')
      .and.include('camera is off');
  });

  it('lists the devices and asks for the chosen one', async () => {
    const shown = await show(lobby(), { canChooseSpeaker: true });
    const [microphone, camera, speaker] = deepAll(shown.root, 'select') as HTMLSelectElement[];
    expect(microphone!.value).to.equal('mic-1');
    expect(camera!.value).to.equal('cam-1');
    expect(wordsOf(speaker!)).to.include('Default');
    microphone!.value = 'mic-2';
    microphone!.dispatchEvent(new Event('change', { bubbles: true }));
    expect(shown.requests).to.deep.equal([['device', { kind: 'microphone', id: 'mic-2' }]]);
  });

  it('numbers devices that have no names yet, and says when there are none', async () => {
    const { root } = await show(
      lobby({
        devices: {
          available: { microphone: [{ id: 'a', label: '' }], camera: [], speaker: [] },
          selected: { microphone: 'a', camera: '', speaker: '' },
        },
      }),
    );
    const [microphone, camera] = deepAll(root, 'select') as HTMLSelectElement[];
    expect(wordsOf(microphone!)).to.equal('Microphone 1');
    expect(wordsOf(camera!)).to.equal('None found');
    expect(camera!.disabled).to.be.true;
  });

  it('says device problems beside the preview, with a way to try again', async () => {
    const shown = await show(
      lobby({ notices: [{ code: 'camera-denied', kind: 'error', detail: '' }] }),
    );
    const problems = deep(shown.root, '.problems')!;
    expect(problems.getAttribute('role')).to.equal('alert');
    expect(wordsOf(problems)).to.include('The camera is blocked');
    expect(deep(shown.root, '.notice')).to.be.undefined;
    await shown.press('.retry');
    expect(shown.requests).to.deep.equal([['retry-devices', {}]]);
  });

  it('offers no second try where the page is not secure', async () => {
    const { root } = await show(
      lobby({ notices: [{ code: 'insecure-context', kind: 'error', detail: '' }] }),
    );
    expect(wordsOf(deep(root, '.problems')!)).to.include('https://');
    expect(deep(root, '.retry')).to.be.undefined;
  });

  it('measures the microphone as long as it is seen', async () => {
    const shown = await show(lobby());
    let asked: string[] = [];
    shown.view.level = (id) => {
      asked.push(id);
      return 0.5;
    };
    await waitUntil(() => asked.length > 2, 'not measured');
    expect(asked[0]).to.equal('me');
    const bar = deep(shown.root, 'video-call-meter')!.shadowRoot!.querySelector('i')!;
    expect(bar.style.transform).to.equal('scaleX(0.5)');
    shown.view.remove();
    await settled();
    asked = [];
    await settled();
    expect(asked).to.deep.equal([]);
  });

  it('asks a watcher for a name only', async () => {
    const { root } = await show(lobby(), { viewOnly: true });
    expect(deep(root, '.preview')).to.be.undefined;
    expect(deepAll(root, 'select')).to.have.length(0);
    expect(deep(root, '.join')).to.exist;
  });

  it('is without a camera where the call is', async () => {
    const { root } = await show(lobby(), { audioOnly: true });
    expect(deep(root, 'video')).to.be.undefined;
    expect(deep(root, '[data-control=camera]')).to.be.undefined;
    expect(deepAll(root, 'select')).to.have.length(1);
  });

  it('shows the way in, in the smallest box', async () => {
    const { root, view } = await show(lobby(), {}, { width: 200, height: 150 });
    const join = deep(root, '.join')!.getBoundingClientRect();
    const box = view.getBoundingClientRect();
    expect(join.height).to.be.at.least(40);
    expect(join.bottom).to.be.at.most(box.bottom);
    expect(join.right).to.be.at.most(box.right);
  });
});
