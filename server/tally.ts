import { RelayTimes } from './relay-times.ts';

/** What happened to a ROOM-JOIN. */
export type JoinResult =
  | 'new'
  | 'back'
  | 'again'
  | 'room-full'
  | 'server-full'
  | 'room-invalid'
  | 'version-unsupported'
  | 'rate-limited'
  | 'draining'
  | 'knocked'
  | 'token-missing'
  | 'token-invalid'
  | 'token-expired'
  | 'token-room'
  | 'keys-away'
  | 'barred';

/** Why a connection was refused or ended by this server. */
export type Refusal =
  | 'bad-request'
  | 'origin'
  | 'draining'
  | 'server-full'
  | 'rooms'
  | 'streams-per-address'
  | 'connections-per-address'
  | 'connects-per-address'
  | 'joins-per-address'
  | 'id-taken'
  | 'frame-rate'
  | 'byte-rate'
  | 'frame-size'
  | 'not-utf8'
  | 'not-websocket'
  | 'invalid-frames'
  | 'slow-reader'
  | 'no-join'
  | 'not-moderator'
  | 'silent';

/**
 * What has happened since the start, in plain numbers, because frames are counted thousands of times a second and read once
 * in a while. They hold no name, room, id or address.
 */
export class Tally {
  /** Frames and bytes that came from clients. */
  frames = 0;
  bytes = 0;
  /** How long each relayed frame took from its arrival until it was handed to the receiver's socket. */
  readonly relayTimes = new RelayTimes();
  readonly joins = new Map<JoinResult, number>();
  readonly refusals = new Map<Refusal, number>();

  join(result: JoinResult): void {
    this.joins.set(result, (this.joins.get(result) ?? 0) + 1);
  }

  refuse(reason: Refusal): void {
    this.refusals.set(reason, (this.refusals.get(reason) ?? 0) + 1);
  }
}
