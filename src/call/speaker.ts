/** How often levels are looked at, in milliseconds. */
const EVERY = 200;
/** Speech is louder than this (of 1); quieter than the second one it has ended. The gap keeps a voice from flickering. */
const LOUD = 0.025;
const QUIET = 0.012;
/** Pauses between words are no end of speech. */
const HOLD = 800;
/** Somebody else becomes the speaker only after talking for so long: a cough does not turn the stage. */
const TAKES_OVER = 600;

export interface SpeakerHost {
  /** Everybody whose level is to be looked at. */
  ids(): readonly string[];
  level(id: string): number;
  onSpeaking(id: string, isSpeaking: boolean): void;
  onSpeaker(id: string): void;
}

interface Voice {
  since: number;
  lastLoud: number;
}

/** Who is speaking, and whose voice counts at the moment. */
export class SpeakerDetector {
  readonly #host: SpeakerHost;
  readonly #voices = new Map<string, Voice>();
  #speaker = '';
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(host: SpeakerHost) {
    this.#host = host;
  }

  start(): void {
    // Each return to the room says so again; who speaks goes on speaking.
    this.#timer ??= setInterval(() => {
      this.update(performance.now());
    }, EVERY);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#voices.clear();
    this.#speaker = '';
  }

  /** One look at all levels. `now` in milliseconds. */
  update(now: number): void {
    const ids = this.#host.ids();
    for (const id of [...this.#voices.keys()]) if (!ids.includes(id)) this.#voices.delete(id);
    for (const id of ids) this.#look(id, this.#host.level(id), now);
    this.#choose();
  }

  #look(id: string, level: number, now: number): void {
    const voice = this.#voices.get(id);
    if (!voice) {
      if (level < LOUD) return;
      this.#voices.set(id, { since: now, lastLoud: now });
      this.#host.onSpeaking(id, true);
    } else if (level >= QUIET) voice.lastLoud = now;
    else if (now - voice.lastLoud > HOLD) {
      this.#voices.delete(id);
      this.#host.onSpeaking(id, false);
    }
  }

  /** The speaker stays as long as it talks; then whoever has talked longest takes over. */
  #choose(): void {
    if (this.#voices.has(this.#speaker)) return;
    let next = '';
    let longest = TAKES_OVER;
    for (const [id, { since, lastLoud }] of this.#voices) {
      if (lastLoud - since < longest) continue;
      longest = lastLoud - since;
      next = id;
    }
    if (next === '') return;
    this.#speaker = next;
    this.#host.onSpeaker(next);
  }
}
