import { expect, waitUntil } from '@open-wc/testing';
import { initials } from '../../src/elements/avatar.ts';
import { callState, fakeStream, localPerson, participant } from './fixtures.ts';
import { deep, deepAll, settled, show, wordsOf, type Shown } from './helpers.ts';

const tile = (shown: Shown, key: string): HTMLElement =>
  deep(shown.root, `video-call-tile[data-key="${key}"]`)!;
const video = (shown: Shown, key: string) =>
  tile(shown, key).shadowRoot!.querySelector<HTMLVideoElement>('video');
const shownTracks = ({ srcObject }: HTMLVideoElement): MediaStreamTrack[] =>
  (srcObject as MediaStream).getTracks();
const group = (shown: Shown, key: string) => tile(shown, key).shadowRoot!.querySelector('.tile')!;

describe('tiles', () => {
  it('plays the camera, silently, and shows the initials until there is a picture', async () => {
    const person = participant(1);
    const shown = await show(callState({ remote: [person, participant(2, { camera: 'off' })] }));
    const element = video(shown, 'person-1')!;
    expect(shownTracks(element)).to.deep.equal(person.stream.getVideoTracks());
    expect(element.muted).to.be.true;
    expect(element.playsInline).to.be.true;
    await waitUntil(() => group(shown, 'person-1').matches('.ready'), 'no picture');
    expect(video(shown, 'person-2')).to.be.null;
    expect(wordsOf(tile(shown, 'person-2'))).to.include('GH');
  });

  it('keeps tiles and pictures while people come, go and speak', async () => {
    const [one, two, three] = [participant(1), participant(2), participant(3)];
    const shown = await show(callState({ remote: [one, two] }));
    const before = [tile(shown, 'person-2'), video(shown, 'person-2')];
    await shown.update(callState({ remote: [{ ...two, isSpeaking: true }, three] }));
    expect([tile(shown, 'person-2'), video(shown, 'person-2')]).to.deep.equal(before);
    expect(deep(shown.root, '[data-key="person-1"]')).to.be.undefined;
    expect(group(shown, 'person-2').matches('.speaking')).to.be.true;
  });

  it('plays again after it was moved in the document', async () => {
    const shown = await show(callState({ remote: [participant(1)] }));
    const element = video(shown, 'person-1')!;
    await waitUntil(() => !element.paused);
    const elsewhere = document.createElement('div');
    document.body.append(elsewhere);
    const box = shown.box;
    box.remove();
    await settled();
    expect(element.paused).to.be.true;
    elsewhere.append(box);
    await waitUntil(() => !element.paused, 'still paused');
    expect(video(shown, 'person-1')).to.equal(element);
    elsewhere.remove();
  });

  it('follows tracks that come and go in the same stream', async () => {
    const person = participant(1, { stream: new MediaStream() });
    const shown = await show(callState({ remote: [person] }));
    expect(group(shown, 'person-1').matches('.ready')).to.be.false;
    person.stream.addTrack(fakeStream(4).getVideoTracks()[0]!);
    await shown.update(callState({ remote: [{ ...person }] }));
    await waitUntil(() => group(shown, 'person-1').matches('.ready'), 'no picture');
  });

  it('shows a raised hand, and a reaction for as long as it lasts', async () => {
    const person = participant(1, { handRaised: true, reaction: { emoji: '🎉' } });
    const shown = await show(callState({ remote: [person] }));
    expect(wordsOf(tile(shown, 'person-1')))
      .to.include('✋')
      .and.include('🎉');
    expect(group(shown, 'person-1').ariaLabel).to.equal('Ada Lovelace, hand raised');
    await shown.update(
      callState({ remote: [{ ...person, handRaised: false, reaction: undefined }] }),
    );
    expect(wordsOf(tile(shown, 'person-1')))
      .not.to.include('✋')
      .and.not.to.include('🎉');
    expect(group(shown, 'person-1').ariaLabel).to.equal('Ada Lovelace');
  });

  it('mirrors the own camera only', async () => {
    const shared = { screen: 'on', screenStream: fakeStream(1, { kind: 'screen' }) } as const;
    const shown = await show(
      callState({ local: localPerson(shared), remote: [participant(1), participant(2)] }),
    );
    expect(group(shown, 'me').matches('.mirrored')).to.be.true;
    expect(group(shown, 'me screen').matches('.mirrored')).to.be.false;
    expect(group(shown, 'person-1').matches('.mirrored')).to.be.false;
  });

  it('shows a screen beside the camera of the same person, whole', async () => {
    const screenStream = fakeStream(1, { kind: 'screen' });
    const person = participant(1, { screen: 'on', screenStream });
    const shown = await show(callState({ remote: [person] }));
    expect(shownTracks(video(shown, 'person-1 screen')!)).to.deep.equal(
      screenStream.getVideoTracks(),
    );
    expect(shownTracks(video(shown, 'person-1')!)).to.deep.equal(person.stream.getVideoTracks());
    expect(tile(shown, 'person-1 screen').className).to.equal('main');
    expect(wordsOf(tile(shown, 'person-1 screen'))).to.include('Ada Lovelace’s screen');
    expect(getComputedStyle(video(shown, 'person-1 screen')!).objectFit).to.equal('contain');
  });

  it('says in words how somebody is connected, and who is silent', async () => {
    const shown = await show(
      callState({
        remote: [
          participant(1, { connection: 'connecting', name: '' }),
          participant(2, { connection: 'reconnecting', microphone: 'off' }),
          participant(3, { connection: 'failed' }),
        ],
      }),
    );
    const label = (key: string) => group(shown, key).getAttribute('aria-label');
    expect(label('person-1')).to.equal('Guest, Connecting…');
    expect(wordsOf(tile(shown, 'person-1'))).to.include('Connecting…');
    expect(label('person-2')).to.equal('Grace Hopper, microphone off, Reconnecting…');
    expect(wordsOf(tile(shown, 'person-3'))).to.include('Can’t reach Alan Turing');
  });

  it('is pinned and let go by its button', async () => {
    const shown = await show(
      callState({ remote: [participant(1), participant(2), participant(3)] }),
    );
    const pin = () => tile(shown, 'person-2').shadowRoot!.querySelector<HTMLElement>('.pin')!;
    expect(pin().ariaLabel).to.equal('Show Grace Hopper large');
    pin().click();
    await settled();
    expect(tile(shown, 'person-2').className).to.equal('main');
    expect(tile(shown, 'person-1').className).to.equal('strip');
    expect(pin().ariaLabel).to.equal('Stop showing Grace Hopper large');
    pin().click();
    await settled();
    expect(tile(shown, 'person-2').className).to.equal('grid');
  });

  it('turns pages of a crowd with buttons that can be read', async () => {
    const remote = Array.from({ length: 15 }, (_, i) => participant(i + 1, { camera: 'off' }));
    const shown = await show(callState({ remote }));
    const keys = () => deepAll(shown.root, 'video-call-tile').map((each) => each.dataset['key']);
    const first = keys();
    expect(first).to.include('me');
    await shown.press('[aria-label="More people"]');
    expect(keys().some((key) => first.includes(key))).to.be.false;
    expect(wordsOf(deep(shown.root, '.pager')!)).to.include('Page 2 of 2');
    await shown.press('[aria-label="Previous people"]');
    expect(keys()).to.deep.equal(first);
  });

  it('has no tile for a caller who only watches', async () => {
    const shown = await show(callState({ remote: [participant(1)] }), { viewOnly: true });
    expect(deepAll(shown.root, 'video-call-tile')).to.have.length(1);
  });

  it('makes initials of any name', () => {
    expect(initials('Ada Lovelace')).to.equal('AL');
    expect(initials('  jean-luc   de la  Fontaine ')).to.equal('JF');
    expect(initials('Zoë')).to.equal('Z');
    expect(initials('דנה לוי')).to.equal('דל');
    expect(initials('🦊 fox')).to.equal('🦊F');
    expect(initials('')).to.equal('?');
  });
});
