import { expect } from '@open-wc/testing';
import type { PictureLook } from '../../src/engine/picture-sender.ts';
import { Sending, type SendingHost } from '../../src/engine/sending.ts';

const SCREEN = 0;
const MAIN = 1;
const SMALL = 2;

const fine = (rank: number): PictureLook => ({
  rank,
  isStarved: false,
  isLate: false,
  pace: 1,
  encodeTime: 8,
  pixels: 2,
  available: undefined,
});

/** One other with pictures that look like this. */
class Uplink {
  looks: PictureLook[] = [];
  applied = 0;
  others = 1;
  readonly #link = {
    view: undefined,
    connection: {
      pictures: () =>
        this.looks.map((look) => ({
          look: () => Promise.resolve(look),
          apply: () => {
            this.applied++;
          },
        })),
    },
  };
  readonly sending = new Sending('auto', {
    links: () => Array.from({ length: this.others }, () => this.#link),
    onNeed: (need) => {
      this.need = need;
    },
    onMeans: (means) => {
      this.means = means;
    },
  });
  means: Parameters<SendingHost['onMeans']>[0] | undefined;
  need = { lines: 0, frameRate: 0 };

  async look(times: number, ...looks: PictureLook[]): Promise<void> {
    this.looks = looks;
    for (let n = 0; n < times; n++) await this.sending.update();
  }

  /** The load after so many looks. */
  async loadAfter(times: number, ...looks: PictureLook[]): Promise<number> {
    await this.look(times, ...looks);
    return this.sending.load;
  }

  get shares(): number[] {
    return [SCREEN, MAIN, SMALL].map((rank) => this.sending.share(rank));
  }
}

const starved = (rank: number): PictureLook => ({ ...fine(rank), isStarved: true });
const late = (rank: number): PictureLook => ({ ...fine(rank), isLate: true });

describe('sending', () => {
  it('leaves a path alone that is only being found out', async () => {
    const uplink = new Uplink();
    await uplink.look(3, starved(MAIN), starved(SMALL));
    await uplink.look(3, fine(MAIN), fine(SMALL));
    expect(uplink.shares).to.deep.equal([1, 1, 1]);
  });

  it('leaves equals to the browser', async () => {
    const uplink = new Uplink();
    await uplink.look(30, starved(SMALL), starved(SMALL));
    expect(uplink.shares).to.deep.equal([1, 1, 1]);
  });

  it('takes from what matters less, and gives it back slower', async () => {
    const uplink = new Uplink();
    await uplink.look(8, starved(SCREEN), fine(MAIN), fine(SMALL));
    const [screen, main, small] = uplink.shares;
    expect(screen).to.equal(1);
    expect(main).to.equal(small);
    expect(main).to.be.lessThan(0.3);
    await uplink.look(5, fine(SCREEN), fine(MAIN), fine(SMALL));
    expect(uplink.shares[1]).to.equal(main);
    await uplink.look(8, fine(SCREEN), fine(MAIN), fine(SMALL));
    expect(uplink.shares[1]).to.be.within(main! * 1.5, 0.99);
    await uplink.look(30, fine(SCREEN), fine(MAIN), fine(SMALL));
    expect(uplink.shares).to.deep.equal([1, 1, 1]);
  });

  it('never takes all of it', async () => {
    const uplink = new Uplink();
    await uplink.look(60, starved(MAIN), fine(SMALL));
    expect(uplink.shares).to.deep.equal([1, 1, 0.1]);
  });

  it('gives way step by step while encoders are late, and recovers slower', async () => {
    const uplink = new Uplink();
    expect(await uplink.loadAfter(2, late(SMALL), late(SMALL))).to.equal(0);
    expect(await uplink.loadAfter(1, late(SMALL), late(SMALL))).to.equal(1);
    expect(await uplink.loadAfter(60, late(SMALL), late(SMALL))).to.equal(4);
    expect(await uplink.loadAfter(14, fine(SMALL))).to.equal(4);
    expect(await uplink.loadAfter(1, fine(SMALL))).to.equal(3);
  });

  it('gives way where encoding takes half of the time, whatever the browser says', async () => {
    const uplink = new Uplink();
    const heavy = { ...fine(SMALL), encodeTime: 260 };
    expect(await uplink.loadAfter(60, heavy)).to.equal(0);
    expect(await uplink.loadAfter(60, heavy, heavy)).to.equal(2);
    const slow = { ...heavy, pace: 0.6 };
    expect(await uplink.loadAfter(60, slow, slow)).to.equal(4);
  });

  it('leaves pictures out last, and only where there are several', async () => {
    const uplink = new Uplink();
    await uplink.look(60, late(SMALL));
    expect(uplink.means?.isOverloaded).to.equal(false);
    uplink.others = 3;
    await uplink.look(1, late(SMALL));
    expect(uplink.means?.isOverloaded).to.equal(true);
    await uplink.look(15, fine(SMALL));
    expect(uplink.means?.isOverloaded).to.equal(false);
    await uplink.look(11, late(SMALL));
    expect(uplink.means?.isOverloaded).to.equal(false);
    await uplink.look(1, late(SMALL));
    expect(uplink.means?.isOverloaded).to.equal(true);
    uplink.others = 2;
    await uplink.look(1, fine(SMALL));
    expect(uplink.means?.isOverloaded).to.equal(false);
  });

  it('leaves pictures out when the camera stalls, once all else has given way', async () => {
    const uplink = new Uplink();
    uplink.others = 3;
    const stalled = { ...fine(SMALL), pace: 0.3 };
    expect(await uplink.loadAfter(60, stalled)).to.equal(0);
    expect(await uplink.loadAfter(12, late(SMALL))).to.equal(4);
    expect(await uplink.loadAfter(11, stalled)).to.equal(4);
    expect(await uplink.loadAfter(1, stalled)).to.equal(5);
  });

  it('says what encoding takes and what the path has, once it is known', async () => {
    const uplink = new Uplink();
    await uplink.look(1, { ...fine(MAIN), pixels: 0 });
    expect(uplink.means).to.deep.include({ encodeTime: undefined, uplink: Infinity });
    await uplink.look(1, fine(MAIN), { ...fine(SMALL), encodeTime: 4, available: 300_000 });
    expect(uplink.means).to.deep.include({ encodeTime: 3, uplink: 300_000 });
  });

  it('waits longer after it has recovered too early', async () => {
    const uplink = new Uplink();
    await uplink.look(3, late(SMALL));
    expect(await uplink.loadAfter(15, fine(SMALL))).to.equal(0);
    expect(await uplink.loadAfter(3, late(SMALL))).to.equal(1);
    expect(await uplink.loadAfter(29, fine(SMALL))).to.equal(1);
    expect(await uplink.loadAfter(1, fine(SMALL))).to.equal(0);
    // Not for ever.
    await uplink.look(300, fine(SMALL));
    expect(await uplink.loadAfter(3, late(SMALL))).to.equal(1);
    expect(await uplink.loadAfter(15, fine(SMALL))).to.equal(0);
  });

  it('is not moved by one encoder of many', async () => {
    const uplink = new Uplink();
    expect(await uplink.loadAfter(30, late(SMALL), fine(SMALL), fine(SMALL))).to.equal(0);
  });

  it('says what the camera has to give, and applies all of it at each look', async () => {
    const uplink = new Uplink();
    await uplink.look(1, fine(MAIN), fine(SMALL));
    expect(uplink.need).to.deep.equal({ lines: 720, frameRate: 30 });
    expect(uplink.applied).to.equal(2);
    uplink.sending.limit('low');
    await uplink.look(1, fine(MAIN));
    expect(uplink.need).to.deep.equal({ lines: 180, frameRate: 15 });
  });
});
