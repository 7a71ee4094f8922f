import type { LinkState } from '../engine/engine.ts';
import type { PresenceMessage } from '../protocol/channel.ts';
import type { Standing } from '../protocol/moderation.ts';
import type { Source } from '../protocol/signal.ts';
import type { OnOff, Participant, Reaction } from './state.ts';

/** What is known of one participant, from the server, the link and the participant itself. */
interface Known {
  presence: PresenceMessage | undefined;
  standing: Standing;
  connection: LinkState;
  quality: number;
  isSpeaking: boolean;
  reaction: Reaction | undefined;
  isVideoStopped: boolean;
}

interface Entry extends Known {
  readonly id: string;
  readonly stream: MediaStream;
  readonly screenStream: MediaStream;
  readonly tracks: Map<Source, MediaStreamTrack>;
  /** What was made of all this last; the same object as long as nothing changes. */
  participant: Participant;
}

const onOff = (isOn: boolean): OnOff => (isOn ? 'on' : 'off');

/** Everybody else in the call, in the order of joining. */
export class RemoteParticipants {
  readonly #entries = new Map<string, Entry>();
  readonly #onChange: (participants: readonly Participant[]) => void;

  constructor(onChange: (participants: readonly Participant[]) => void) {
    this.#onChange = onChange;
  }

  has(id: string): boolean {
    return this.#entries.has(id);
  }

  /** What the server says somebody is called; undefined when it does not. */
  vouchedName(id: string): string | undefined {
    return this.#entries.get(id)?.standing.name;
  }

  get ids(): readonly string[] {
    return [...this.#entries.keys()];
  }

  add(id: string): void {
    if (this.#entries.has(id)) return;
    const entry: Entry = {
      id,
      stream: new MediaStream(),
      screenStream: new MediaStream(),
      tracks: new Map(),
      presence: undefined,
      standing: {},
      connection: 'connecting',
      quality: 5,
      isSpeaking: false,
      reaction: undefined,
      isVideoStopped: false,
      participant: undefined as never,
    };
    entry.participant = describe(entry);
    this.#entries.set(id, entry);
    this.#tell();
  }

  remove(id: string): void {
    if (this.#entries.delete(id)) this.#tell();
  }

  /** Takes over what is known anew. */
  update(id: string, known: Partial<Known>): void {
    this.#change(id, (entry) => Object.assign(entry, known));
  }

  setTrack(id: string, source: Source, track: MediaStreamTrack | undefined): void {
    this.#change(id, (entry) => {
      const isScreen = source === 'screen' || source === 'screen-audio';
      const stream = isScreen ? entry.screenStream : entry.stream;
      const before = entry.tracks.get(source);
      if (before) stream.removeTrack(before);
      if (track) {
        stream.addTrack(track);
        entry.tracks.set(source, track);
      } else entry.tracks.delete(source);
      // The streams stay the same, and whoever shows them has to look into them again.
      return true;
    });
  }

  /** `change` answers with true when it is news, even if the participant looks the same. */
  #change(id: string, change: (entry: Entry) => unknown): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    const isNews = change(entry) === true;
    const next = describe(entry);
    if (!isNews && isSame(entry.participant, next)) return;
    entry.participant = next;
    this.#tell();
  }

  #tell(): void {
    this.#onChange([...this.#entries.values()].map(({ participant }) => participant));
  }
}

function describe(entry: Entry): Participant {
  const { presence, standing, tracks } = entry;
  const screen = presence?.screen === true && tracks.has('screen');
  return {
    id: entry.id,
    // What the server vouches for goes before what somebody says of itself.
    name: standing.name ?? presence?.name ?? '',
    isLocal: false,
    role: standing.role ?? 'member',
    // The media may be here before the first word about it: what is sent is on.
    microphone: onOff(presence ? presence.microphone : tracks.has('microphone')),
    camera: onOff(presence ? presence.camera : tracks.has('camera')),
    screen: onOff(screen),
    stream: entry.stream,
    screenStream: screen ? entry.screenStream : undefined,
    isSpeaking: entry.isSpeaking,
    handRaised: presence?.handRaised ?? false,
    reaction: entry.reaction,
    isVideoStopped: entry.isVideoStopped || presence?.paused === true,
    connection: entry.connection,
    quality: entry.connection === 'connected' ? entry.quality : 0,
  };
}

function isSame(a: Participant, b: Participant): boolean {
  return (Object.keys(a) as (keyof Participant)[]).every((key) => Object.is(a[key], b[key]));
}
