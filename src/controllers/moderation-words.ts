import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Strings } from '../i18n/index.ts';
import { en, loadModeration } from '../i18n/moderation/index.ts';
import type { ModerationStrings } from '../i18n/moderation/words.ts';

/** The words of moderation in the language of the host; English until they are there. */
export class ModerationWords implements ReactiveController {
  words: ModerationStrings = en;
  readonly #host: ReactiveControllerHost & { readonly strings: Strings };
  #lang = 'en';

  constructor(host: ReactiveControllerHost & { readonly strings: Strings }) {
    this.#host = host;
    host.addController(this);
  }

  hostUpdate(): void {
    const { lang } = this.#host.strings;
    if (lang === this.#lang) return;
    this.#lang = lang;
    void loadModeration(lang).then((words) => {
      if (this.#lang !== lang) return;
      this.words = words;
      this.#host.requestUpdate();
    });
  }
}
