import { expect } from '@open-wc/testing';
import { withPauses, withRedundancy } from '../../src/signaling/speech.ts';

const sdp = (formats: string): string =>
  [
    'v=0',
    `m=audio 9 UDP/TLS/RTP/SAVPF ${formats}`,
    'a=rtpmap:111 opus/48000/2',
    'a=fmtp:111 minptime=10;useinbandfec=1',
    'a=rtpmap:63 red/48000/2',
    'm=video 9 UDP/TLS/RTP/SAVPF 96 63',
    '',
  ].join('\r\n');

describe('how sound is sent', () => {
  it('pauses while nobody speaks', () => {
    expect(withPauses(sdp('111 63'))).to.contain('minptime=10;useinbandfec=1;usedtx=1\r\n');
  });

  it('is sent twice when that is wanted, and once when not', () => {
    expect(withRedundancy(sdp('111 63 9'), true)).to.equal(sdp('63 111 9'));
    expect(withRedundancy(sdp('63 111 9'), false)).to.equal(sdp('111 9 63'));
  });

  it('stays as it is where the other side knows no redundancy', () => {
    const without = sdp('111 9').replace('red/', 'other/');
    expect(withRedundancy(without, true)).to.equal(without);
    expect(withRedundancy(sdp('111 9'), true)).to.equal(sdp('111 9'));
  });
});
