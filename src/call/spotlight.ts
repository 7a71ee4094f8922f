/** So many people are still seen when not everybody can be. */
const SEEN = 2;

/** Whose pictures go on when this machine cannot take all of them: those who have spoken last. */
export class Spotlight {
  isOn = false;
  /** The last one first. */
  #recent: readonly string[] = [];

  /** Somebody speaks now, or is to be seen for another reason. */
  turnTo(id: string): void {
    this.#recent = [id, ...this.#recent.filter((other) => other !== id)];
  }

  /** Of these people, those who are not seen now. Where nobody has spoken yet, the first ones are. */
  unseen(ids: readonly string[]): readonly string[] {
    if (!this.isOn) return [];
    const recent = this.#recent.filter((id) => ids.includes(id));
    return [...new Set([...recent, ...ids])].slice(SEEN);
  }
}
