/** The words of the numbers. Here and not in `i18n/`: few ever open them, and a first call need not carry them. */
export interface StatsWords {
  readonly nobody: string;
  readonly path: string;
  readonly none: string;
  readonly direct: string;
  readonly nat: string;
  readonly relay: string;
  readonly roundTrip: string;
  readonly jitter: string;
  readonly lost: string;
  readonly received: string;
  readonly sent: string;
  readonly frames: string;
  readonly freezes: string;
  readonly quality: string;
  readonly copy: string;
  readonly copied: string;
}

const en: StatsWords = {
  nobody: 'There are no connections yet.',
  path: 'Path',
  none: 'none yet',
  direct: 'direct',
  nat: 'through a NAT',
  relay: 'relay',
  roundTrip: 'Round trip',
  jitter: 'Jitter',
  lost: 'Packets lost',
  received: 'Received',
  sent: 'Sent',
  frames: 'Pictures a second',
  freezes: 'Freezes',
  quality: 'Quality',
  copy: 'Copy for a report',
  copied: 'Copied',
};

const words: Readonly<Record<string, StatsWords>> = {
  de: {
    nobody: 'Es gibt noch keine Verbindungen.',
    path: 'Weg',
    none: 'noch keiner',
    direct: 'direkt',
    nat: 'über ein NAT',
    relay: 'Relais',
    roundTrip: 'Umlaufzeit',
    jitter: 'Jitter',
    lost: 'Pakete verloren',
    received: 'Empfangen',
    sent: 'Gesendet',
    frames: 'Bilder je Sekunde',
    freezes: 'Standbilder',
    quality: 'Qualität',
    copy: 'Für einen Bericht kopieren',
    copied: 'Kopiert',
  },
  fr: {
    nobody: 'Il n’y a pas encore de connexion.',
    path: 'Chemin',
    none: 'aucun pour l’instant',
    direct: 'direct',
    nat: 'à travers un NAT',
    relay: 'relais',
    roundTrip: 'Aller-retour',
    jitter: 'Gigue',
    lost: 'Paquets perdus',
    received: 'Reçu',
    sent: 'Envoyé',
    frames: 'Images par seconde',
    freezes: 'Images figées',
    quality: 'Qualité',
    copy: 'Copier pour un rapport',
    copied: 'Copié',
  },
  es: {
    nobody: 'Todavía no hay conexiones.',
    path: 'Camino',
    none: 'ninguno todavía',
    direct: 'directo',
    nat: 'a través de un NAT',
    relay: 'relé',
    roundTrip: 'Ida y vuelta',
    jitter: 'Fluctuación',
    lost: 'Paquetes perdidos',
    received: 'Recibido',
    sent: 'Enviado',
    frames: 'Imágenes por segundo',
    freezes: 'Congelaciones',
    quality: 'Calidad',
    copy: 'Copiar para un informe',
    copied: 'Copiado',
  },
};

/** @param lang language tag of the view's words */
export const wordsOf = (lang: string): StatsWords => words[lang] ?? en;
