import type { QualityCeiling } from '../call/state.ts';

/** Words of the settings alone. Here and not in `i18n/`: a first call need not carry them. */
export interface SettingsWords extends Readonly<Record<QualityCeiling, string>> {
  readonly quality: string;
  readonly details: string;
  readonly layout: string;
  readonly layoutAuto: string;
  readonly done: string;
}

const en: SettingsWords = {
  quality: 'Picture quality',
  details: 'Connection details',
  layout: 'Layout',
  layoutAuto: 'Automatic',
  done: 'Done',
  auto: 'Automatic',
  high: 'High',
  medium: 'Medium',
  low: 'Low, saves data',
};

const words: Readonly<Record<string, SettingsWords>> = {
  de: {
    quality: 'Bildqualität',
    details: 'Einzelheiten zur Verbindung',
    layout: 'Ansicht',
    layoutAuto: 'Automatisch',
    done: 'Fertig',
    auto: 'Automatisch',
    high: 'Hoch',
    medium: 'Mittel',
    low: 'Niedrig, spart Daten',
  },
  es: {
    quality: 'Calidad de imagen',
    details: 'Detalles de la conexión',
    layout: 'Vista',
    layoutAuto: 'Automática',
    done: 'Listo',
    auto: 'Automática',
    high: 'Alta',
    medium: 'Media',
    low: 'Baja, ahorra datos',
  },
  fr: {
    quality: 'Qualité de l’image',
    details: 'Détails de la connexion',
    layout: 'Disposition',
    layoutAuto: 'Automatique',
    done: 'Terminé',
    auto: 'Automatique',
    high: 'Haute',
    medium: 'Moyenne',
    low: 'Basse, économise les données',
  },
};

/** `lang`: that of the texts of the call. */
export const settingsWords = (lang: string): SettingsWords => words[lang] ?? en;
