import type { Connection } from '../connection.ts';
import { withMemory, type Told } from './peek.ts';

/** Where a client is served: under this number at this node. */
export interface Place {
  readonly node: string;
  readonly n: number;
}

/** A client with its socket at this node, and what must be known of it to find it another place when its own is gone. */
export class Client {
  readonly connection: Connection;
  /** Its JOIN as it came, once it is in the room; sent again wherever the room goes. */
  joined: string | undefined;
  /** A JOIN that is not answered yet. */
  asked: string | undefined;
  /** What it was told of its room: by that the next owner knows how it was. */
  told: Told = { moderators: [], locked: false };
  place: Place | undefined;
  /** Another place, to which it has asked to go. It stays where it is until it is let in there. */
  next: Place | undefined;
  /** What it has said since, in order. */
  readonly waiting: string[] = [];
  waitingBytes = 0;
  /** Its room is being looked for. */
  isRouting = false;
  /** How often in a row that has led nowhere. */
  tries = 0;
  joinTimer: NodeJS.Timeout | undefined;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  /** It has to ask again, because what it asked was lost, or the room in which it is. False when it has asked for none. */
  askAgain(): boolean {
    const { moderators, locked } = this.told;
    if (this.asked === undefined && this.joined !== undefined)
      this.asked = withMemory(this.joined, { host: moderators[0], locked });
    return this.asked !== undefined;
  }

  /** Whether frames must wait until it is known where they belong. */
  get isBusy(): boolean {
    return this.isRouting || this.next !== undefined || this.waiting.length > 0;
  }
}

type Identity = Pick<Connection, 'id' | 'token'>;
/** Neither has a space in it. */
const identityOf = ({ id, token }: Identity): string => `${id} ${token}`;

/** The clients of this node, by all that they are known by. */
export class Clients {
  readonly #byConnection = new Map<Connection, Client>();
  /** By id and token: somebody else may use an id in another room, or try to. */
  readonly #byIdentity = new Map<string, Client>();
  readonly #byNumber = new Map<number, Client>();
  #lastNumber = 0;

  [Symbol.iterator](): IterableIterator<Client> {
    return this.#byConnection.values();
  }

  add(client: Client): void {
    this.#byConnection.set(client.connection, client);
    this.#byIdentity.set(identityOf(client.connection), client);
  }

  remove(client: Client): void {
    const identity = identityOf(client.connection);
    this.#byConnection.delete(client.connection);
    if (this.#byIdentity.get(identity) === client) this.#byIdentity.delete(identity);
  }

  has({ connection }: Client): boolean {
    return this.#byConnection.has(connection);
  }

  of(connection: Connection): Client | undefined {
    return this.#byConnection.get(connection);
  }

  /** The socket that this client has opened last. */
  latest(identity: Identity): Client | undefined {
    return this.#byIdentity.get(identityOf(identity));
  }

  /** Who is served under this number at this node; undefined for numbers of the past, and of others. */
  at(node: string, n: number): readonly [Client, Place] | undefined {
    const client = this.#byNumber.get(n);
    if (!client) return undefined;
    const place = client.next?.n === n ? client.next : client.place;
    return place?.n === n && place.node === node ? [client, place] : undefined;
  }

  /** A new place for a client at a node. */
  place(client: Client, node: string): Place {
    const place = { node, n: ++this.#lastNumber };
    this.#byNumber.set(place.n, client);
    return place;
  }

  forget(place: Place): void {
    this.#byNumber.delete(place.n);
  }
}
