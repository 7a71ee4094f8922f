import type { ModerationStrings } from './words.ts';

export const de: ModerationStrings = {
  titles: {
    waiting: 'Du wirst gleich hereingelassen',
    removed: 'Du wurdest entfernt',
    'join-refused': 'Du wurdest nicht hereingelassen',
    'call-ended': 'Der Anruf ist beendet',
    'token-missing': 'Dieser Anruf ist nicht für alle offen',
    'token-invalid': 'Dieser Link funktioniert nicht',
    'token-expired': 'Dein Zugang ist abgelaufen',
    'token-room': 'Dieser Link gehört zu einem anderen Anruf',
  },
  codes: {
    'room-full': 'Dieser Anruf ist voll. Versuche es noch einmal, wenn jemand gegangen ist.',
    'ice-server-invalid':
      'Ein Vermittlungsserver dieses Anrufs ist falsch eingerichtet und wurde übergangen.',
    'server-full': 'Der Anrufserver ist gerade voll. Versuche es in ein paar Minuten noch einmal.',
    'rate-limited':
      'Zu viele Versuche in kurzer Zeit. Warte eine Minute und versuche es noch einmal.',
    'version-unsupported':
      'Diese Seite und der Anrufserver passen nicht zusammen. Lade die Seite neu.',
    'token-missing':
      'Dieser Anruf verlangt eine Zugangsberechtigung. Öffne ihn von der Seite aus, die dich eingeladen hat.',
    'token-invalid':
      'Dein Zugang zu diesem Anruf ist ungültig. Öffne ihn noch einmal von der Seite aus, die dich eingeladen hat.',
    'token-expired':
      'Dein Zugang zu diesem Anruf ist abgelaufen. Lade die Seite neu oder bitte um einen neuen Link.',
    'token-room': 'Dein Zugang gilt für einen anderen Anruf. Bitte um einen Link zu diesem.',
    'join-refused':
      'Du wurdest nicht hereingelassen. Frag die Gastgeber, wenn das ein Versehen war.',
    removed:
      'Du wurdest aus dem Anruf entfernt. Frag die Gastgeber, wenn du zurückkommen möchtest.',
    'call-ended': 'Der Anruf wurde für alle beendet.',
    'not-moderator': 'Das können nur die Gastgeber dieses Anrufs.',
    waiting: 'Die Gastgeber des Anrufs wissen, dass du hier bist.',
    'muted-by-moderator':
      'Dein Mikrofon wurde von den Gastgebern stummgeschaltet. Du kannst es wieder einschalten.',
    'you-moderate':
      'Du leitest jetzt den Anruf. Unter „Personen“ kannst du andere stummschalten oder den Anruf sperren.',
  },
  moderator: 'Leitung',
  viewer: 'Sieht zu',
  actions: 'Aktionen für {name}',
  hideVideo: 'Video ausblenden',
  showVideo: 'Video einblenden',
  mute: 'Stummschalten',
  isMuted: 'Stumm',
  remove: 'Entfernen',
  removeSure: '{name} aus dem Anruf entfernen?',
  lock: 'Anruf sperren',
  lockHint: 'Wer neu kommt, muss hereingelassen werden.',
  lockedHint: 'Der Anruf ist gesperrt: Wer neu kommt, muss hereingelassen werden.',
  waiting: 'Möchten herein: {n}',
  admit: 'Hereinlassen',
  refuse: 'Ablehnen',
  admitNamed: '{name} hereinlassen',
  refuseNamed: '{name} ablehnen',
  knocks: '{name} möchte herein',
  moreWaiting: 'Weitere warten: {n}',
  end: 'Für alle beenden',
  endSure: 'Den Anruf für alle beenden?',
};
