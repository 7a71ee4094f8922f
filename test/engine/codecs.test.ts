import { expect } from '@open-wc/testing';
import { chooseCodec, type Codec } from '../../src/engine/codecs.ts';

const codecs = ['VP8', 'rtx', 'H264', 'AV1', 'VP9'].map((name) => ({ mimeType: `video/${name}` }));
type Args = Parameters<typeof chooseCodec>;
const choose = (kind: Args[1], lines: Args[2], links: Args[3], hardware: Args[4]) =>
  chooseCodec(codecs, kind, lines, links, hardware)?.mimeType;

describe('codecs', () => {
  it('sends moving pictures as H264, small ones to a few as VP8', () => {
    expect(choose('camera', 720, 1, [])).to.equal('video/H264');
    expect(choose('camera', 180, 2, [])).to.equal('video/VP8');
    expect(choose('camera', 180, 5, [])).to.equal('video/H264');
  });

  it('sends screens as AV1', () => {
    expect(choose('screen', 720, 1, ['H264'])).to.equal('video/AV1');
  });

  it('prefers what the hardware encodes', () => {
    expect(choose('camera', 720, 1, ['VP9'])).to.equal('video/VP9');
    expect(choose('camera', 180, 1, ['H265', 'VP9'])).to.equal('video/VP9');
  });

  it('leaves it to the browser when the link has none of them', () => {
    const none = chooseCodec<Codec>([], 'camera', 720, 1, ['H264']);
    expect(none).to.equal(undefined);
    expect(chooseCodec([{ mimeType: 'video/VP8' }], 'camera', 720, 1, [])?.mimeType).to.equal(
      'video/VP8',
    );
  });
});
