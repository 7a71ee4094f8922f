import { expect } from '@open-wc/testing';
import { chooseCodec, type Codec } from '../../src/engine/codecs.ts';

const codecs = ['VP8', 'rtx', 'H264', 'AV1', 'VP9'].map((name) => ({ mimeType: `video/${name}` }));
type Args = Parameters<typeof chooseCodec>;
const choose = (kind: Args[1], isMeagre: Args[2], links: Args[3], hardware: Args[4]) =>
  chooseCodec(codecs, kind, isMeagre, links, hardware)?.mimeType;

describe('codecs', () => {
  it('sends moving pictures as H264, to a few as VP8 what has few lines or bits', () => {
    expect(choose('camera', false, 1, [])).to.equal('video/H264');
    expect(choose('camera', true, 2, [])).to.equal('video/VP8');
    expect(choose('camera', true, 5, [])).to.equal('video/H264');
  });

  it('sends screens as AV1', () => {
    expect(choose('screen', false, 1, ['H264'])).to.equal('video/AV1');
  });

  it('prefers what the hardware encodes', () => {
    expect(choose('camera', false, 1, ['VP9'])).to.equal('video/VP9');
    expect(choose('camera', true, 1, ['H265', 'VP9'])).to.equal('video/VP9');
  });

  it('leaves it to the browser when the link has none of them', () => {
    const none = chooseCodec<Codec>([], 'camera', false, 1, ['H264']);
    expect(none).to.equal(undefined);
    expect(chooseCodec([{ mimeType: 'video/VP8' }], 'camera', false, 1, [])?.mimeType).to.equal(
      'video/VP8',
    );
  });
});
