import { expect } from '@open-wc/testing';
import { SpeakerDetector } from '../../src/call/speaker.ts';

describe('SpeakerDetector', () => {
  let levels: Record<string, number>;
  let log: string[];
  let detector: SpeakerDetector;
  let now = 0;
  beforeEach(() => {
    levels = { a: 0, b: 0 };
    log = [];
    now = 0;
    detector = new SpeakerDetector({
      ids: () => Object.keys(levels),
      level: (id) => levels[id] ?? 0,
      onSpeaking: (id, isSpeaking) => log.push(`${id} ${isSpeaking ? 'speaks' : 'stops'}`),
      onSpeaker: (id) => log.push(`speaker ${id}`),
    });
  });
  const pass = (milliseconds: number): void => {
    for (const end = now + milliseconds; now < end; now += 200) detector.update(now);
  };

  it('tells at once who is loud, and makes it the speaker when it goes on', () => {
    levels['a'] = 0.2;
    pass(200);
    expect(log).to.deep.equal(['a speaks']);
    pass(800);
    expect(log).to.deep.equal(['a speaks', 'speaker a']);
  });

  it('does not flicker between words or by a level between the two limits', () => {
    levels['a'] = 0.2;
    pass(1_000);
    log = [];
    levels['a'] = 0;
    pass(600);
    levels['a'] = 0.02;
    pass(2_000);
    expect(log).to.deep.equal([]);
  });

  it('stays with the speaker as long as it talks, and with the last one in silence', () => {
    levels['a'] = 0.2;
    pass(1_000);
    levels['b'] = 0.9;
    pass(2_000);
    expect(log).to.not.include('speaker b');
    levels['a'] = 0;
    pass(1_400);
    expect(log).to.include('speaker b');
    levels['b'] = 0;
    pass(5_000);
    expect(log.at(-1)).to.equal('b stops');
  });

  it('forgets who has left', () => {
    levels['a'] = 0.2;
    pass(1_000);
    levels = { b: 0.3 };
    pass(1_000);
    expect(log).to.include('speaker b');
  });

  it('still hears who speaks when it is started once more', () => {
    detector.start();
    levels['a'] = 0.2;
    pass(1_000);
    detector.start();
    levels['a'] = 0;
    pass(2_000);
    detector.stop();
    expect(log).to.deep.equal(['a speaks', 'speaker a', 'a stops']);
  });

  it('is not turned by a cough', () => {
    levels['a'] = 0.9;
    pass(200);
    levels['a'] = 0;
    pass(3_000);
    expect(log).to.deep.equal(['a speaks', 'a stops']);
  });
});
