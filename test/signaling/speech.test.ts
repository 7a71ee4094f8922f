import { expect } from '@open-wc/testing';
import { tuneSpeech, withPauses } from '../../src/signaling/speech.ts';

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

const tuned = (before: string, wish: Partial<Parameters<typeof tuneSpeech>[1]> = {}): string =>
  tuneSpeech(before, { isRedundant: false, isSparse: false, ...wish });

describe('how sound is sent', () => {
  it('pauses while nobody speaks', () => {
    const pauses = 'minptime=10;useinbandfec=1;usedtx=1\r\n';
    expect(withPauses(sdp('111 63'))).to.contain(pauses);
    expect(tuned(sdp('111 63'))).to.contain(pauses);
  });

  it('is sent twice when that is wanted, and once when not', () => {
    const isRedundant = true;
    expect(tuned(sdp('111 63 9'), { isRedundant })).to.equal(
      tuned(sdp('63 111 9'), { isRedundant }),
    );
    expect(tuned(sdp('111 63 9'), { isRedundant })).to.contain('SAVPF 63 111 9\r\n');
    expect(tuned(sdp('63 111 9'))).to.contain('SAVPF 111 9 63\r\n');
  });

  it('stays as it is where the other side knows no redundancy', () => {
    const without = sdp('111 9').replace('red/', 'other/');
    expect(tuned(without, { isRedundant: true })).to.equal(withPauses(without));
    expect(tuned(sdp('111 9'), { isRedundant: true })).to.equal(withPauses(sdp('111 9')));
  });

  it('is sent in packets twice as long when that is wanted', () => {
    expect(tuned(sdp('111 63'))).not.to.contain('ptime:');
    expect(tuned(sdp('111 63'), { isSparse: true })).to.contain(
      'a=rtpmap:111 opus/48000/2\r\na=ptime:60\r\n',
    );
  });
});
