/** Words of the reactions alone. Here and not in `i18n/`: a first call need not carry them. */
export interface ReactionWords {
  readonly raise: string;
  readonly lower: string;
}

const en: ReactionWords = { raise: 'Raise hand', lower: 'Lower hand' };

const words: Readonly<Record<string, ReactionWords>> = {
  de: { raise: 'Hand heben', lower: 'Hand senken' },
  es: { raise: 'Levantar la mano', lower: 'Bajar la mano' },
  fr: { raise: 'Lever la main', lower: 'Baisser la main' },
};

/** `lang`: that of the texts of the call. */
export const reactionWords = (lang: string): ReactionWords => words[lang] ?? en;
