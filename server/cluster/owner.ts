import { isRecord, isRoomName } from '../../src/protocol/guards.ts';
import { isClientFrame } from '../../src/protocol/room.ts';
import type { ClientSocket } from '../call-socket.ts';
import { CLOSE, type Connection } from '../connection.ts';
import type { Serve } from '../peer-server.ts';
import type { Hello } from '../upgrade.ts';
import type { ToGateway, ToOwner } from './messages.ts';
import type { Ownership } from './ownership.ts';
import { VirtualSocket } from './virtual-socket.ts';

export interface OwnerOptions {
  readonly node: string;
  readonly rooms: Ownership;
  readonly post: (node: string, message: ToGateway) => void;
  readonly connect: (socket: VirtualSocket, hello: Hello, address: string) => Connection;
  /** Whose id this is, among the clients that are served here. */
  readonly ownerOf: (id: string, token: string) => 'nobody' | 'self' | 'other';
  /** Gives a socket to PeerServer. */
  readonly accept: (socket: VirtualSocket, hello: Hello) => void;
  readonly serve: Serve;
  readonly onClose: (connection: Connection) => void;
  readonly onIdTaken: () => void;
}

const LEAVE = '{"type":"ROOM-LEAVE"}';

/** Serves the clients of all rooms that this node owns, wherever their sockets are. */
export class Owner {
  readonly #options: OwnerOptions;
  readonly #gateways = new Map<string, Map<number, VirtualSocket>>();

  constructor(options: OwnerOptions) {
    this.#options = options;
  }

  /** The nodes whose clients are served here. */
  get gateways(): Iterable<string> {
    return this.#gateways.keys();
  }

  /** Clients with a socket at another node. */
  get guestCount(): number {
    let count = 0;
    for (const [node, sockets] of this.#gateways)
      if (node !== this.#options.node) count += sockets.size;
    return count;
  }

  receive(from: string, message: ToOwner): void {
    const sockets = this.#gateways.get(from);
    switch (message[0]) {
      case 'open':
        if (!sockets?.has(message[1])) this.#open(from, message[1], message[2]);
        return;
      case 'text':
        sockets?.get(message[1])?.receive(message[2]);
        return;
      case 'gone':
        sockets?.get(message[1])?.gone();
        return;
      case 'sync': {
        const present = new Set(message[1]);
        for (const [n, socket] of sockets ?? []) if (!present.has(n)) socket.gone();
      }
    }
  }

  /** A node is no more, and the sockets of its clients with it. */
  lost(gateway: string): void {
    for (const socket of this.#gateways.get(gateway)?.values() ?? []) socket.gone();
  }

  /** False for a JOIN to a room that is not here; its gateway is asked to look for the room again. */
  isOurs(socket: ClientSocket, frame: unknown): boolean {
    // What is no JOIN, or names no room, is for the hub to judge.
    if (!isRecord(frame) || frame['type'] !== 'ROOM-JOIN') return true;
    const join: unknown = frame;
    if (!(socket instanceof VirtualSocket) || !isClientFrame(join)) return true;
    if (join.type !== 'ROOM-JOIN') return true;
    const { room } = join;
    if (!isRoomName(room)) return true;
    const { rooms } = this.#options;
    if (!rooms.owns(room)) {
      rooms.deny(room);
      this.#sendAway([socket]);
      return false;
    }
    socket.room = room;
    socket.isAsking = true;
    return true;
  }

  /** Whether anyone has asked for the room and was not answered yet. */
  isAwaited(room: string): boolean {
    for (const sockets of this.#gateways.values())
      for (const socket of sockets.values())
        if (socket.isAsking && socket.room === room) return true;
    return false;
  }

  /** The room is another node's: everyone here is sent there, and hears nothing from here any more. */
  roomLost(room: string): void {
    const gone: VirtualSocket[] = [];
    for (const sockets of this.#gateways.values())
      for (const socket of sockets.values()) if (socket.room === room) gone.push(socket);
    this.#sendAway(gone);
  }

  /** This node ends, which is no business of guests: their gateways look for another one. */
  dismissGuests(): void {
    for (const [node, sockets] of this.#gateways)
      if (node !== this.#options.node) for (const socket of sockets.values()) socket.silence();
  }

  #open(
    from: string,
    n: number,
    [id, token, hostname, address]: Extract<ToOwner, readonly ['open', ...unknown[]]>[2],
  ): void {
    const { post, rooms, connect, accept, serve, ownerOf, onClose, onIdTaken } = this.#options;
    if (ownerOf(id, token) === 'other') {
      onIdTaken();
      post(from, ['send', n, '{"type":"ID-TAKEN","payload":{"msg":"ID is taken"}}']);
      post(from, ['close', n, CLOSE.policy, 'the id is taken']);
      return;
    }
    const sockets = this.#gateways.get(from) ?? new Map<number, VirtualSocket>();
    this.#gateways.set(from, sockets);
    const socket = new VirtualSocket(
      n,
      (message) => {
        post(from, message);
      },
      serve,
      () => {
        // After those who are in it are known.
        queueMicrotask(() => {
          if (socket.room !== undefined) rooms.check(socket.room);
        });
      },
    );
    sockets.set(n, socket);
    const hello: Hello = { id, token, hostname: hostname || undefined };
    const connection = connect(socket, hello, address);
    socket.connection = connection;
    socket.on('close', () => {
      sockets.delete(n);
      if (sockets.size === 0 && this.#gateways.get(from) === sockets) this.#gateways.delete(from);
      socket.isAsking = false;
      onClose(connection);
      if (socket.room !== undefined) rooms.check(socket.room);
    });
    accept(socket, hello);
  }

  #sendAway(sockets: readonly VirtualSocket[]): void {
    for (const socket of sockets) socket.sendElsewhere();
    // After all are silent: they need not hear of each other's end.
    for (const socket of sockets) {
      socket.receive(LEAVE);
      socket.gone();
    }
  }
}
