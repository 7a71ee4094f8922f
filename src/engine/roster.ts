import type { LeaveReason, Member } from '../protocol/room.ts';
import type { CallEngine, EngineListener } from './engine.ts';
import type { LinkHost, PeerLink } from './peer-link.ts';
import { newPeer, orphan, relist, type Peer } from './peer.ts';

/**
 * Someone whom the server does not list, and whose path is broken, is gone after this time: long enough for everyone to
 * come back to a server that was restarted.
 */
const ORPHANS_WAIT = 8_000;

export type RosterHost = LinkHost & Pick<CallEngine, 'stats'>;

/** Everybody else in the room: as the server lists them, and as long as their media says that they are here. */
export class Roster {
  readonly #host: RosterHost;
  readonly #emit: EngineListener;
  readonly #peers = new Map<string, Peer>();

  constructor(host: RosterHost, listener: EngineListener) {
    this.#host = host;
    this.#emit = listener;
  }

  get(id: string): Peer | undefined {
    return this.#peers.get(id);
  }

  link(id: string): PeerLink | undefined {
    return this.#peers.get(id)?.link;
  }

  get links(): readonly PeerLink[] {
    return [...this.#peers.values()].map(({ link }) => link);
  }

  /** After a join or a reconnection: everyone in the list is here; those with whom there is no link are called. */
  merge(members: readonly Member[], hasMoved: boolean): void {
    const listed = new Set(members.map(({ id }) => id));
    for (const [id, peer] of this.#peers) if (!listed.has(id)) orphan(peer);
    for (const member of members.filter(({ id }) => id !== this.#host.signaling.selfId)) {
      const isKnown = this.#peers.has(member.id);
      const { link } = this.list(member);
      if (!isKnown && !member.away) link.dial();
      else if (hasMoved || link.state !== 'connected' || link.connection?.isDisconnected)
        link.refresh();
    }
  }

  /** The server says that this participant is in the room. */
  list(member: Member): Peer {
    const { id } = member;
    const known = this.#peers.get(id);
    if (known) {
      relist(known, member);
      this.#emit('standing', member);
      return known;
    }
    const peer = newPeer(member, this.#host);
    this.#peers.set(id, peer);
    this.#emit('participant-joined', { id });
    this.#emit('standing', member);
    return peer;
  }

  handleLeft(id: string, reason: LeaveReason): void {
    const peer = this.#peers.get(id);
    if (!peer) return;
    // The server has lost it, we have not: its media goes on, and it will be back in the list.
    if (reason === 'timeout' && peer.link.state === 'connected') orphan(peer);
    else this.remove(id, reason);
  }

  remove(id: string, reason: LeaveReason): void {
    const peer = this.#peers.get(id);
    if (!peer) return;
    this.#peers.delete(id);
    peer.link.close();
    this.#emit('participant-left', { id, reason });
  }

  /** Once a second, or so many milliseconds later than that. */
  tick(now: number, late: number): void {
    for (const [id, peer] of this.#peers) {
      peer.link.tick(now, late);
      const isLost =
        !peer.isListed && peer.link.state !== 'connected' && this.#host.signaling.isOpen;
      if (isLost && now - peer.orphanSince > ORPHANS_WAIT) this.remove(id, 'timeout');
    }
  }

  /** Every now and then: how well each of them is received. */
  lookAtQuality(): void {
    for (const [id, peer] of this.#peers)
      if (peer.link.state === 'connected') void this.#look(id, peer);
  }

  async #look(id: string, peer: Peer): Promise<void> {
    const stats = await this.#host.stats(id);
    if (!stats || this.#peers.get(id) !== peer) return;
    this.#emit('quality', { id, quality: peer.quality.update(stats) });
    peer.redundancy.update(stats.shareLost);
    peer.link.connection?.adaptSpeech();
  }

  /** Closes all links, without a word. */
  clear(): void {
    for (const { link } of this.#peers.values()) link.close();
    this.#peers.clear();
  }
}
