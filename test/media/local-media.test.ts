import { expect, waitUntil } from '@open-wc/testing';
import { LocalMedia } from '../../src/media/local-media.ts';
import { Machine } from './machine.ts';

describe('LocalMedia', () => {
  let machine: Machine;
  let media: LocalMedia;
  /** What was told of devices that stopped by themselves. */
  let recovered: string[];
  beforeEach(() => {
    machine = new Machine('camera usb', 'camera lid', 'microphone usb', 'microphone lid');
    recovered = [];
    const ignore = (): void => undefined;
    media = new LocalMedia(
      {
        onTrack: ignore,
        onState: ignore,
        onDevices: ignore,
        onResize: ignore,
        onRecovered: (kind, what) => recovered.push(`${kind} ${what}`),
      },
      new MediaStream(),
    );
    media.start();
  });
  afterEach(() => {
    media.stop();
    machine.remove();
  });
  const selected = (kind: 'camera' | 'microphone'): string => media.devices.selected[kind];

  describe('a device that is unplugged', () => {
    it('is not replaced when it is a camera, and taken back', async () => {
      await media.open(['camera']);
      machine.unplug('camera usb');
      await waitUntil(() => recovered.length > 0);
      expect(recovered).to.deep.equal(['camera ended']);
      expect(machine.live('camera')).to.deep.equal([]);
      machine.plug('camera usb');
      await waitUntil(() => recovered.length > 1);
      expect(recovered[1]).to.equal('camera back');
      expect(machine.opened).to.deep.equal(['camera usb', 'camera usb']);
    });

    it('is replaced when it is a microphone, which is told, and taken back', async () => {
      await media.open(['microphone']);
      machine.unplug('microphone usb');
      await waitUntil(() => recovered.length > 0);
      expect(recovered).to.deep.equal(['microphone replaced']);
      expect(machine.live('microphone')).to.deep.equal(['microphone lid']);
      machine.plug('microphone usb');
      await waitUntil(() => recovered.length > 1);
      expect(recovered[1]).to.equal('microphone back');
      expect(machine.live('microphone')).to.deep.equal(['microphone usb']);
    });

    it('cannot be chosen, and what was open stays', async () => {
      await media.open(['camera']);
      machine.unplug('camera lid');
      const error = await media.choose('camera', 'camera lid').catch((cause: unknown) => cause);
      expect(error).to.have.property('code', 'camera-missing');
      expect(machine.opened).to.deep.equal(['camera usb']);
      expect(selected('camera')).to.equal('camera usb');
    });
  });

  for (const stop of ['switchOff', 'close', 'stop'] as const)
    it(`leaves off what is stopped while it is taken back (${stop})`, async () => {
      await media.open(['microphone']);
      const lid = machine.slow('microphone lid');
      machine.unplug('microphone usb');
      await lid.asked;
      media[stop]('microphone');
      lid.open();
      await waitUntil(() => machine.opened.length === 2 && machine.live('microphone').length === 0);
      expect(media.isOn('microphone')).to.be.false;
      expect(recovered).to.deep.equal([]);
    });

  it('leaves a camera off that is switched off while another one is opened', async () => {
    await media.open(['camera']);
    const lid = machine.slow('camera lid');
    const choice = media.choose('camera', 'camera lid');
    await lid.asked;
    media.switchOff('camera');
    lid.open();
    await choice;
    expect(machine.live('camera')).to.deep.equal([]);
    await media.open(['camera']);
    expect(machine.live('camera')).to.deep.equal(['camera lid']);
  });

  it('keeps a microphone muted that is muted while another one is opened', async () => {
    await media.open(['microphone']);
    const lid = machine.slow('microphone lid');
    const choice = media.choose('microphone', 'microphone lid');
    await lid.asked;
    media.switchOff('microphone');
    lid.open();
    await choice;
    expect(machine.live('microphone')).to.deep.equal(['microphone lid']);
    expect(media.isOn('microphone')).to.be.false;
  });

  it('uses the last choice, however slowly an earlier one opens', async () => {
    machine.plug('camera desk');
    await media.open(['camera']);
    const lid = machine.slow('camera lid');
    const first = media.choose('camera', 'camera lid');
    await media.choose('camera', 'camera desk');
    lid.open();
    await first;
    expect(machine.live('camera')).to.deep.equal(['camera desk']);
    expect(selected('camera')).to.equal('camera desk');
  });

  describe('where one camera is open at a time', () => {
    beforeEach(async () => {
      machine.isExclusive = true;
      await media.open(['camera']);
    });

    it('changes to another one', async () => {
      await media.choose('camera', 'camera lid');
      expect(machine.live('camera')).to.deep.equal(['camera lid']);
      expect(media.isOn('camera')).to.be.true;
    });

    it('goes back to the one that was open when the other does not open', async () => {
      machine.taken.add('camera lid');
      const error = await media.choose('camera', 'camera lid').catch((cause: unknown) => cause);
      expect(error).to.have.property('code', 'camera-in-use');
      await waitUntil(() => recovered.length > 0);
      expect(recovered).to.deep.equal(['camera back']);
      expect(machine.live('camera')).to.deep.equal(['camera usb']);
      expect(selected('camera')).to.equal('camera usb');
    });
  });
});
