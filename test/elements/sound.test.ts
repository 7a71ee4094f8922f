import { expect, waitUntil } from '@open-wc/testing';
import { callState, fakeAudio, fakeStream, participant } from './fixtures.ts';
import { deep, deepAll, settled, show, wordsOf, type Shown } from './helpers.ts';

const off = { camera: 'off' } as const;
const voice = (): MediaStream => new MediaStream([fakeAudio()]);
const sinks = (shown: Shown) => deepAll(shown.root, 'audio') as HTMLAudioElement[];

describe('sound', () => {
  const { play } = HTMLMediaElement.prototype;
  afterEach(() => {
    HTMLMediaElement.prototype.play = play;
  });

  it('plays everybody and every screen, whoever is shown', async () => {
    const screenStream = fakeStream(1, { kind: 'screen' });
    const remote = Array.from({ length: 12 }, (_, i) =>
      participant(i + 1, { ...off, stream: voice() }),
    );
    remote[0] = { ...remote[0]!, screen: 'on', screenStream };
    const shown = await show(callState({ remote }));
    const streams = [
      remote[0].stream,
      screenStream,
      ...remote.slice(1).map(({ stream }) => stream),
    ];
    expect(
      sinks(shown).map(({ srcObject }) => (srcObject as MediaStream | null)?.getTracks() ?? []),
    ).to.deep.equal(streams.map((stream) => stream.getAudioTracks()));
    expect(sinks(shown).every((sink) => !sink.muted)).to.be.true;
  });

  it('keeps the sinks of those who stay', async () => {
    const [one, two] = [participant(1, off), participant(2, off)];
    const shown = await show(callState({ remote: [one, two] }));
    const [, second] = sinks(shown);
    await shown.update(callState({ remote: [{ ...two, isSpeaking: true }] }));
    expect(sinks(shown)).to.deep.equal([second]);
  });

  it('plays on while people speak, come and go', async () => {
    const one = participant(1, { ...off, stream: voice() });
    const shown = await show(callState({ remote: [one] }));
    const [sink] = sinks(shown);
    await waitUntil(() => sink!.currentTime > 0);
    const before = sink!.currentTime;
    let restarts = 0;
    sink!.addEventListener('emptied', () => restarts++);
    const two = participant(2, { ...off, stream: voice() });
    for (const isSpeaking of [true, false, true]) {
      await shown.update(callState({ remote: [{ ...one, isSpeaking }, two] }));
      await shown.update(callState({ remote: [{ ...one, isSpeaking }] }));
    }
    await waitUntil(() => sink!.currentTime > before);
    expect(restarts).to.equal(0);
  });

  it('plays what comes later than its participant', async () => {
    const one = participant(1, { ...off, stream: new MediaStream() });
    const shown = await show(callState({ remote: [one] }));
    const [sink] = sinks(shown);
    expect(sink!.srcObject).to.equal(null);
    const [first, second] = [fakeAudio(), fakeAudio()];
    for (const track of [first, second]) {
      for (const before of one.stream.getTracks()) one.stream.removeTrack(before);
      one.stream.addTrack(track);
      await shown.update(callState({ remote: [{ ...one }] }));
      expect((sink!.srcObject as MediaStream | null)?.getTracks()).to.deep.equal([track]);
      const from = sink!.currentTime;
      await waitUntil(() => sink!.currentTime > from, 'stands still');
    }
  });

  it('plays again after it was moved in the document', async () => {
    const shown = await show(callState({ remote: [participant(1, { ...off, stream: voice() })] }));
    const [sink] = sinks(shown);
    await waitUntil(() => !sink!.paused);
    const box = shown.box;
    const parent = box.parentElement!;
    box.remove();
    await settled();
    expect(sink!.paused).to.be.true;
    parent.append(box);
    await waitUntil(() => !sink!.paused, 'still paused');
  });

  it('asks for a tap when the browser wants one, and plays everybody then', async () => {
    let isAllowed = false;
    HTMLMediaElement.prototype.play = function (this: HTMLMediaElement) {
      const refused = new DOMException('Gesture, please', 'NotAllowedError');
      return isAllowed || this.muted ? play.call(this) : Promise.reject(refused);
    };
    const remote = [1, 2].map((number) => {
      const stream = voice();
      return participant(number, { ...off, stream });
    });
    // Without autoplay, as where it is not allowed.
    const shown = await show(callState());
    new MutationObserver(() => {
      for (const sink of sinks(shown)) sink.autoplay = false;
    }).observe(deep(shown.root, 'video-call-sound')!.shadowRoot!, { childList: true });
    await shown.update(callState({ remote }));
    const button = () => deep(shown.root, 'video-call-sound')!.shadowRoot!.querySelector('button');
    await waitUntil(() => button(), 'no button');
    expect(wordsOf(button()!)).to.equal('Tap to hear the others');
    isAllowed = true;
    button()!.click();
    await waitUntil(() => !button(), 'button stays');
    expect(sinks(shown).map((sink) => sink.paused)).to.deep.equal([false, false]);
  });

  it('goes to the chosen loudspeaker', async () => {
    const asked: string[] = [];
    const prototype = HTMLMediaElement.prototype as { setSinkId: (id: string) => Promise<void> };
    const { setSinkId } = prototype;
    prototype.setSinkId = (id) => {
      asked.push(id);
      return Promise.resolve();
    };
    const remote = [participant(1, off)];
    const state = callState({ remote });
    const shown = await show(state);
    expect(asked).to.deep.equal([]);
    const { devices } = state;
    const chosen = { ...devices, selected: { ...devices.selected, speaker: 'out-1' } };
    await shown.update({ ...state, devices: chosen });
    await shown.update({ ...state, devices: chosen, speakerId: 'person-1' });
    expect(asked).to.deep.equal(['out-1']);
    prototype.setSinkId = setSinkId;
  });
});
