import type { QualityCeiling } from '../call/state.ts';

/** Words of the settings that few change. Here and not in `i18n/`: a first call need not carry them. */
export interface SettingsWords extends Readonly<Record<QualityCeiling, string>> {
  readonly quality: string;
}

const en: SettingsWords = {
  quality: 'Picture quality',
  auto: 'Automatic',
  high: 'High',
  medium: 'Medium',
  low: 'Low, saves data',
};

const words: Readonly<Record<string, SettingsWords>> = {
  de: {
    quality: 'Bildqualität',
    auto: 'Automatisch',
    high: 'Hoch',
    medium: 'Mittel',
    low: 'Niedrig, spart Daten',
  },
  es: {
    quality: 'Calidad de imagen',
    auto: 'Automática',
    high: 'Alta',
    medium: 'Media',
    low: 'Baja, ahorra datos',
  },
  fr: {
    quality: 'Qualité de l’image',
    auto: 'Automatique',
    high: 'Haute',
    medium: 'Moyenne',
    low: 'Basse, économise les données',
  },
};

/** `lang`: that of the texts of the call. */
export const settingsWords = (lang: string): SettingsWords => words[lang] ?? en;
