import { expect } from '@open-wc/testing';
import { planCamera, planScreen, useOf } from '../../src/engine/picture-plan.ts';

const camera = { width: 1280, height: 720, frameRate: 30 };
const view = (width: number, height: number, isMain = true, frameRate = 30) => ({
  width,
  height,
  frameRate,
  isMain,
});

describe('the plan for a picture', () => {
  it('is all of it as long as nobody has said how it is shown', () => {
    expect(planCamera(camera, undefined, 'auto', 0)).to.deep.equal({
      isActive: true,
      scale: 1,
      lines: 720,
      frameRate: 30,
      bitrate: 2_500_000,
    });
  });

  it('covers its box, and is not much larger', () => {
    for (let width = 16; width < 2_000; width += 48)
      for (let height = 16; height < 1_200; height += 48) {
        const { scale } = planCamera(camera, view(width, height), 'auto', 0);
        const needed = Math.max(width / 1280, height / 720);
        if (needed >= 1) expect(scale).to.equal(1);
        else if (needed > 0.125) {
          expect(1 / scale).to.be.at.least(needed * 0.9);
          expect(1 / scale).to.be.at.most(needed * 1.5);
        }
      }
  });

  it('is nothing where nobody sees it', () => {
    expect(planCamera(camera, view(0, 0), 'auto', 0).isActive).to.equal(false);
    expect(planScreen(camera, view(0, 0)).isActive).to.equal(false);
  });

  it('keeps to the ceiling, whichever way the camera is held', () => {
    const upright = { width: 720, height: 1280, frameRate: 30 };
    for (const source of [camera, upright]) {
      const plan = planCamera(source, view(4_000, 4_000), 'low', 0);
      expect(plan.scale).to.equal(4);
      expect(plan.frameRate).to.equal(15);
    }
  });

  it('takes fewer bits for a picture that gives way than for one that is drawn that small', () => {
    const relieved = planCamera(camera, view(1280, 720, false), 'auto', 4);
    const small = planCamera(camera, view(640, 360, false), 'auto', 0);
    expect(relieved.lines).to.equal(small.lines);
    const each = ({ bitrate, frameRate }: typeof small): number => bitrate / frameRate ** 0.75;
    expect(each(relieved) / each(small)).to.be.closeTo(0.66, 0.01);
  });

  it('gives way in its order: small pictures first, frames before size', () => {
    const cost = (isMain: boolean, load: number): [number, number] => {
      const { frameRate, scale } = planCamera(camera, view(1280, 720, isMain), 'auto', load);
      return [frameRate, scale];
    };
    expect([0, 1, 2, 3, 4].map((load) => cost(false, load))).to.deep.equal([
      [30, 1],
      [20, 1],
      [18, 1],
      [15, 1.5],
      [12, 2],
    ]);
    expect([0, 1, 2, 3, 4].map((load) => cost(true, load))).to.deep.equal([
      [30, 1],
      [30, 1],
      [30, 1],
      [20, 1],
      [15, 1.5],
    ]);
  });

  it('takes fewer bits for a smaller picture, and never more than for the whole', () => {
    const bits = [720, 360, 180].map(
      (lines) => planCamera(camera, view((lines * 16) / 9, lines, false), 'auto', 0).bitrate,
    );
    expect(bits[0]).to.equal(2_500_000);
    expect(bits[1]! / bits[0]!).to.be.within(0.3, 0.4);
    expect(bits[2]! / bits[1]!).to.be.within(0.3, 0.4);
    // What is looked at gets more.
    const main = planCamera(camera, view(640, 360), 'auto', 0).bitrate;
    expect(main / bits[1]!).to.be.within(1.5, 1.7);
    const large = { width: 1920, height: 1080, frameRate: 60 };
    expect(planScreen(large, undefined).bitrate).to.equal(2_500_000);
  });

  it('shows a screen whole, and leaves its frames alone', () => {
    const screen = { width: 1920, height: 1080, frameRate: 15 };
    expect(planScreen(screen, view(960, 1080)).scale).to.equal(2);
    expect(planScreen(screen, view(1900, 1070)).scale).to.equal(1);
    expect(planScreen(screen, view(200, 100)).frameRate).to.equal(15);
  });

  it('knows what a camera has to give', () => {
    expect(useOf(undefined, 'auto', 0)).to.deep.equal({ lines: 720, frameRate: 30 });
    expect(useOf(view(640, 200), 'auto', 0).lines).to.equal(360);
    expect(useOf(view(100, 300), 'auto', 0).lines).to.equal(300);
    expect(useOf(view(1280, 720), 'medium', 0)).to.deep.equal({ lines: 360, frameRate: 20 });
    expect(useOf(view(0, 0, true, 0), 'auto', 0)).to.deep.equal({ lines: 0, frameRate: 0 });
  });
});
