import { expect, waitUntil } from '@open-wc/testing';
import { Views, type ShownPicture } from '../../src/call/views.ts';
import type { ViewMessage } from '../../src/protocol/channel.ts';

const box = (id: string, width: number, height: number, isMain = false): ShownPicture => ({
  id,
  kind: 'camera',
  width,
  height,
  isMain,
});

/** Somebody who looks at others, and what the others are told. */
class Viewer {
  ids = ['ann', 'bob'];
  isOpen = true;
  readonly told: [to: string, view: ViewMessage][] = [];
  readonly views = new Views(
    {
      ids: () => this.ids,
      send: (view, to) => {
        if (this.isOpen) this.told.push([to, view]);
        return this.isOpen;
      },
    },
    'auto',
  );

  last(id: string): ViewMessage | undefined {
    return this.told.findLast(([to]) => to === id)?.[1];
  }

  camera(id: string): readonly number[] {
    const { width = -1, height = -1, frameRate = -1 } = this.last(id)?.camera ?? {};
    return [width, height, frameRate];
  }

  until(id: string, width: number, height: number, frameRate: number): Promise<void> {
    const wanted = [width, height, frameRate].join();
    return waitUntil(() => this.camera(id).join() === wanted, wanted, { timeout: 5_000 });
  }
}

describe('views', () => {
  it('tell everyone how it is shown, and who is not shown that it is not', async () => {
    const viewer = new Viewer();
    viewer.views.show([box('ann', 640, 350)]);
    await viewer.until('ann', 640, 352, 30);
    await viewer.until('bob', 0, 0, 0);
    viewer.views.close();
  });

  it('ask for fewer pictures a second where there are many, but not of what is looked at', async () => {
    const viewer = new Viewer();
    viewer.ids = ['a', 'b', 'c', 'd', 'e'];
    viewer.views.show(viewer.ids.map((id) => box(id, 160, 96, id === 'e')));
    await viewer.until('a', 160, 96, 15);
    await viewer.until('e', 160, 96, 30);
    viewer.ids = ['a', 'b'];
    viewer.views.show(viewer.ids.map((id) => box(id, 320, 192)));
    await viewer.until('a', 320, 192, 24);
    viewer.views.close();
  });

  it('ask for more at once and for less only when it lasts', async () => {
    const viewer = new Viewer();
    viewer.views.show([box('ann', 640, 352)]);
    await viewer.until('ann', 640, 352, 30);
    viewer.views.show([]);
    viewer.views.show([box('ann', 1_280, 720)]);
    await viewer.until('ann', 1_280, 720, 30);
    const before = performance.now();
    viewer.views.show([]);
    await viewer.until('ann', 0, 0, 0);
    expect(performance.now() - before).to.be.greaterThan(1_900);
    // Neither of them was told of what lasted for a moment only.
    expect(viewer.told.map(([to]) => to).sort()).to.deep.equal(['ann', 'ann', 'ann', 'bob']);
    viewer.views.close();
  });

  it('keep to the ceiling, of cameras only', async () => {
    const viewer = new Viewer();
    const screen: ShownPicture = { ...box('ann', 1_280, 800, true), kind: 'screen' };
    viewer.views.limit('low');
    viewer.views.show([box('ann', 1_280, 720, true), screen]);
    await viewer.until('ann', 320, 176, 15);
    expect(viewer.last('ann')!.screen.width).to.equal(1_280);
    viewer.views.limit('high');
    await viewer.until('ann', 1_280, 720, 30);
    viewer.views.close();
  });

  it('want all of it where nobody knows what is shown, and nothing of who is not wanted', async () => {
    const viewer = new Viewer();
    viewer.views.show(undefined);
    await viewer.until('bob', 1_280, 720, 30);
    viewer.views.stopVideo('bob', true);
    await viewer.until('bob', 0, 0, 0);
    viewer.views.stopVideo('bob', false);
    await viewer.until('bob', 1_280, 720, 30);
    viewer.views.limit('low');
    await viewer.until('bob', 320, 180, 15);
    const { screen } = viewer.last('bob')!;
    expect(Math.min(screen.width / 3_840, screen.height / 2_160)).to.be.at.least(1);
    viewer.views.close();
  });

  it('are told again to who has a new channel, and later to who has none yet', async () => {
    const viewer = new Viewer();
    viewer.isOpen = false;
    viewer.views.show([box('ann', 640, 352)]);
    viewer.isOpen = true;
    viewer.views.greet('ann');
    await viewer.until('ann', 640, 352, 30);
    const count = viewer.told.length;
    viewer.views.greet('ann');
    await waitUntil(() => viewer.told.length > count);
    expect(viewer.camera('ann')).to.deep.equal([640, 352, 30]);
    viewer.views.close();
  });
});
