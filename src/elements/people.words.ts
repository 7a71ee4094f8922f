/** Words of the list of people alone. Here and not in `i18n/`: a first call need not carry them. */
export interface PeopleWords {
  readonly youNamed: string;
  readonly on: string;
  readonly off: string;
  readonly connected: string;
  readonly speaking: string;
  readonly count: string;
}

const en: PeopleWords = {
  youNamed: '{name} (you)',
  on: 'on',
  off: 'off',
  connected: 'Connected',
  speaking: 'Speaking',
  count: 'In the call: {n}',
};

const words: Readonly<Record<string, PeopleWords>> = {
  de: {
    youNamed: '{name} (du)',
    on: 'an',
    off: 'aus',
    connected: 'Verbunden',
    speaking: 'Spricht',
    count: 'Im Anruf: {n}',
  },
  es: {
    youNamed: '{name} (tú)',
    on: 'activado',
    off: 'desactivado',
    connected: 'En línea',
    speaking: 'Hablando',
    count: 'En la llamada: {n}',
  },
  fr: {
    youNamed: '{name} (vous)',
    on: 'activé',
    off: 'désactivé',
    connected: 'Connecté',
    speaking: 'Parle',
    count: 'Dans l’appel : {n}',
  },
};

/** `lang`: that of the texts of the call. */
export const peopleWords = (lang: string): PeopleWords => words[lang] ?? en;
