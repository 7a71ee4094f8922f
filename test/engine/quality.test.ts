import { expect } from '@open-wc/testing';
import type { LinkStats } from '../../src/engine/engine.ts';
import { QualityMeter } from '../../src/engine/quality.ts';

describe('QualityMeter', () => {
  let stats: LinkStats;
  let meter: QualityMeter;
  beforeEach(() => {
    stats = {
      bytesSent: 0,
      bytesReceived: 0,
      roundTripTime: 0.02,
      framesDecoded: 0,
      audioEnergy: 0,
      freezeCount: 0,
      packetsLost: 0,
      packetsReceived: 0,
      shareLost: 0,
      jitter: 0.005,
      localCandidateType: 'host',
      remoteCandidateType: 'host',
      protocol: 'udp',
    };
    meter = new QualityMeter();
    meter.update(stats);
  });
  const look = (change: Partial<LinkStats> = {}, lost = 0): number => {
    stats = {
      ...stats,
      bytesReceived: stats.bytesReceived + 1_000,
      packetsReceived: stats.packetsReceived + 100 - lost,
      packetsLost: stats.packetsLost + lost,
      ...change,
    };
    return meter.update(stats);
  };

  it('is 5 when all is well', () => {
    expect(look()).to.equal(5);
  });

  it('falls with loss, round-trip time, jitter and freezes', () => {
    expect(look({}, 3)).to.equal(4);
    expect(look({}, 8)).to.equal(3);
    expect(look({}, 20)).to.equal(2);
    expect(look({ roundTripTime: 0.4, jitter: 0.2 })).to.equal(2);
    expect(look({ freezeCount: stats.freezeCount + 4, roundTripTime: 0.7, jitter: 0.2 })).to.equal(
      1,
    );
  });

  it('is 0 when nothing arrives, and rises step by step', () => {
    expect(look({ bytesReceived: stats.bytesReceived })).to.equal(0);
    expect([look(), look(), look(), look(), look(), look()]).to.deep.equal([1, 2, 3, 4, 5, 5]);
  });

  it('does not mind a new connection, which counts from zero', () => {
    look();
    expect(look({ bytesReceived: 10, packetsLost: 0, packetsReceived: 5 })).to.equal(5);
  });
});
