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
});
