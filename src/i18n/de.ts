import type { Strings } from './strings.ts';

export const de: Strings = {
  lang: 'de',
  dir: 'ltr',

  call: 'Videoanruf',
  guest: 'Gast',
  you: 'Du',
  close: 'Schließen',
  dismiss: 'Ausblenden',
  cancel: 'Abbrechen',
  tryAgain: 'Erneut versuchen',
  loading: 'Wird geladen…',
  loadFailed:
    'Dieser Teil konnte nicht geladen werden. Prüfe deine Verbindung und versuche es noch einmal.',

  microphone: 'Mikrofon',
  camera: 'Kamera',
  speaker: 'Lautsprecher',
  screen: 'Bildschirm teilen',
  reactions: 'Reaktionen',
  chat: 'Chat',
  people: 'Personen',
  settings: 'Einstellungen',
  leave: 'Verlassen',
  more: 'Mehr',
  controls: 'Anrufsteuerung',
  microphoneOn: 'Mikrofon einschalten',
  microphoneOff: 'Mikrofon ausschalten',
  cameraOn: 'Kamera einschalten',
  cameraOff: 'Kamera ausschalten',
  screenOn: 'Bildschirm teilen',
  screenOff: 'Teilen beenden',
  unread: 'ungelesen: {n}',

  lobbyTitle: 'Bereit?',
  room: 'Raum',
  yourName: 'Dein Name',
  namePlaceholder: 'So sehen dich die anderen',
  join: 'Teilnehmen',
  cameraIsOff: 'Deine Kamera ist aus',
  opening: 'Kamera und Mikrofon werden gestartet. Erlaube sie, wenn der Browser fragt.',
  microphoneIsOff: 'Dein Mikrofon ist aus',
  microphoneLevel: 'Mikrofonpegel',
  watchOnly: 'Du siehst und hörst zu. Deine Kamera und dein Mikrofon bleiben aus.',
  listenOnly: 'In diesem Anruf gibt es nur Ton.',
  noDevice: 'Nichts gefunden',
  defaultDevice: 'Standard',
  deviceNumber: '{kind} {n}',

  network: {
    direct: 'Netzwerk: Andere erreichen dich direkt.',
    nat: 'Netzwerk: Andere erreichen dich über deinen Router.',
    relay: 'Netzwerk: Hier braucht es ein Relais, und es funktioniert.',
    'relay-broken':
      'Netzwerk: Hier braucht es ein Relais, und unseres antwortet nicht. Versuche ein anderes Netz, etwa das deines Telefons.',
    'relay-missing':
      'Netzwerk: Hier braucht es ein Relais, und dieser Anruf hat keines. Versuche ein anderes Netz, etwa das deines Telefons.',
  },
  fits: 'Dieses Gerät: Anrufe mit {high} Personen in hoher Qualität, mit höchstens {low}.',

  idleTitle: 'Noch kein Anruf',
  idleText: 'Der Anruf erscheint hier, sobald die Seite ihn öffnet.',
  joining: 'Du trittst bei…',
  joiningText: 'Du wirst mit den anderen verbunden. Das dauert einen Moment.',
  leftTitle: 'Du hast den Anruf verlassen',
  leftText: 'Deine Kamera und dein Mikrofon sind aus.',
  rejoin: 'Wieder teilnehmen',
  toLobby: 'Zurück zum Start',
  failedTitle: 'Der Anruf hat nicht geklappt',
  failedText: 'Etwas ist schiefgegangen. Versuche es gleich noch einmal.',

  connecting: 'Verbinden…',
  reconnecting: 'Neu verbinden…',
  unreachable: '{name} ist nicht erreichbar: Eine Firewall oder ein Netz könnte im Weg sein.',
  screenOf: 'Bildschirm von {name}',
  yourScreen: 'Dein Bildschirm',
  muted: 'Mikrofon aus',
  handRaised: 'Hand gehoben',
  pin: '{name} groß zeigen',
  unpin: '{name} nicht mehr groß zeigen',
  alone: 'Noch ist niemand hier',
  aloneHint: 'Schicke den anderen den Link zu dieser Seite.',
  copyLink: 'Link kopieren',
  copied: 'Link kopiert',
  tapToHear: 'Tippe, um die anderen zu hören',
  previousPage: 'Vorherige Personen',
  nextPage: 'Weitere Personen',
  page: 'Seite {n} von {all}',

  poor: 'Schlechte Verbindung',

  layoutGrid: 'Raster',
  layoutSpeaker: 'Sprecher groß',

  saidJoined: '{name} ist dabei',
  saidLeft: '{name} ist gegangen',
  saidYouJoined: 'Du bist im Anruf. Andere hier: {n}',
  saidReconnecting: 'Verbindung zu {name} wird wiederhergestellt',
  saidConnected: '{name} ist wieder verbunden',
  saidFailed: '{name} ist nicht erreichbar',
  saidSharing: '{name} teilt einen Bildschirm',
  saidNotSharing: '{name} teilt keinen Bildschirm mehr',
  saidHand: '{name} hebt die Hand',
  saidMessage: 'Nachricht von {name}: {text}',
  saidBack: 'Wieder mit dem Server verbunden',
  saidKnocks: '{name} möchte herein',

  unknown: 'Etwas ist schiefgegangen. Versuche es noch einmal oder lade die Seite neu.',
  codes: {
    'room-missing': 'Dieser Anruf hat noch keinen Raum. Die Seite muss einen angeben.',
    'room-invalid': 'Dieser Raumname ist nicht möglich. Bitte um einen neuen Link zum Anruf.',
    'attribute-invalid':
      'Eine Einstellung dieses Anrufs ist falsch; es gilt der Standard ({detail}).',
    'insecure-context':
      'Kamera und Mikrofon brauchen eine sichere Seite. Öffne diese Seite mit https:// und versuche es noch einmal.',
    'browser-unsupported':
      'Dieser Browser kann keine Videoanrufe. Öffne die Seite in einem aktuellen Chrome, Edge, Firefox oder Safari.',
    'server-invalid':
      'Die Adresse des Anrufservers ist falsch. Sag es denen, die diese Seite betreiben.',
    'server-unreachable':
      'Der Anrufserver ist nicht erreichbar. Prüfe deine Internetverbindung und versuche es noch einmal.',
    'camera-denied':
      'Die Kamera ist für diese Seite gesperrt. Erlaube sie über das Symbol in der Adressleiste und versuche es noch einmal.',
    'camera-in-use':
      'Die Kamera wird von einer anderen App oder einem anderen Tab benutzt. Schließe sie dort und versuche es noch einmal.',
    'camera-missing': 'Keine Kamera gefunden. Schließe eine an oder nimm ohne Bild teil.',
    'microphone-denied':
      'Das Mikrofon ist für diese Seite gesperrt. Erlaube es über das Symbol in der Adressleiste und versuche es noch einmal.',
    'microphone-in-use':
      'Das Mikrofon wird von einer anderen App oder einem anderen Tab benutzt. Schließe es dort und versuche es noch einmal.',
    'microphone-missing': 'Kein Mikrofon gefunden. Schließe eins an oder höre nur zu.',
    'screen-denied':
      'Der Bildschirm konnte nicht geteilt werden. Erlaube dem Browser die Bildschirmaufnahme in den Systemeinstellungen und versuche es noch einmal.',
    'screen-unsupported':
      'Dieser Browser kann keinen Bildschirm teilen. Nimm dafür einen Computer.',
    'peer-unreachable':
      'Keine Verbindung zu {detail}. Eine Firewall könnte im Weg sein: Versuche ein anderes Netz oder tritt neu bei.',
    'message-too-long':
      'Diese Nachricht ist zu lang und wurde nicht gesendet. Kürze sie und versuche es noch einmal.',
    'message-empty': 'Schreibe zuerst etwas und sende es dann.',
    'reaction-invalid': 'Eine Reaktion ist ein Emoji.',
    'participant-unknown': 'Diese Person ist nicht mehr im Anruf.',
    'not-joined': 'Du bist nicht im Anruf. Tritt zuerst bei.',
    cancelled: 'Abgebrochen. Nimm teil, wann immer du so weit bist.',
    reconnecting: 'Verbindung zum Server verloren. Dein Anruf geht weiter; es wird neu verbunden…',
    overloaded: 'Dieser Anruf ist mehr, als dieses Gerät schafft: Nur wer spricht, ist zu sehen.',
    'alone-again':
      'Alle anderen sind gegangen. Bleib, wenn du noch jemanden erwartest, oder verlasse den Anruf.',
    'camera-ended':
      'Deine Kamera ist stehen geblieben. Schalte sie wieder ein oder wähle in den Einstellungen eine andere.',
    'microphone-ended':
      'Dein Mikrofon ist ausgefallen. Schalte es wieder ein oder wähle in den Einstellungen ein anderes.',
    'microphone-replaced': 'Dein Mikrofon wurde getrennt; jetzt wird das Standardmikrofon benutzt.',
  },
};
