import type { Member } from '../protocol/room.ts';
import { PeerLink, type LinkHost } from './peer-link.ts';
import { QualityMeter } from './quality.ts';
import { PeerRation } from './ration.ts';
import { Redundancy } from './redundancy.ts';

/** A participant as the mesh engine keeps it: in the roster, connected, or both. */
export interface Peer {
  readonly link: PeerLink;
  readonly ration: PeerRation;
  readonly quality: QualityMeter;
  readonly redundancy: Redundancy;
  isListed: boolean;
  /** Nothing that it sends is taken. */
  isViewer: boolean;
  isAway: boolean;
  /** Since when it is not listed. */
  orphanSince: number;
}

/** Somebody whom the server has just listed. */
export const newPeer = ({ id, away, role }: Member, host: LinkHost): Peer => ({
  link: new PeerLink(id, host),
  ration: new PeerRation(),
  quality: new QualityMeter(),
  redundancy: new Redundancy(),
  isListed: true,
  isViewer: role === 'viewer',
  isAway: away,
  orphanSince: 0,
});

/** The server lists somebody whom we know. */
export function relist(peer: Peer, { away, role }: Member): void {
  const isViewer = role === 'viewer';
  if (peer.isViewer !== isViewer) {
    peer.isViewer = isViewer;
    peer.link.receive();
  }
  const isBack = !away && (peer.isAway || !peer.isListed);
  peer.isListed = true;
  peer.isAway = away;
  if (isBack && peer.link.state !== 'connected') peer.link.refresh();
}

/** The server lists it no more, and it may still be connected. */
export function orphan(peer: Peer): void {
  peer.isListed = false;
  peer.orphanSince = performance.now();
}
