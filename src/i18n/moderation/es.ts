import type { ModerationStrings } from './words.ts';

export const es: ModerationStrings = {
  titles: {
    waiting: 'Te dejarán entrar enseguida',
    removed: 'Te han sacado',
    'join-refused': 'No te han dejado entrar',
    'call-ended': 'La llamada ha terminado',
    'token-missing': 'Esta llamada no está abierta a todos',
    'token-invalid': 'Este enlace no funciona',
    'token-expired': 'Tu acceso ha caducado',
    'token-room': 'Este enlace es de otra llamada',
  },
  codes: {
    'room-full': 'Esta llamada está llena. Inténtalo de nuevo cuando alguien haya salido.',
    'ice-server-invalid':
      'Un servidor de retransmisión de esta llamada está mal configurado y se ha omitido.',
    'server-full': 'El servidor de llamadas está lleno. Inténtalo de nuevo en unos minutos.',
    'rate-limited': 'Demasiados intentos en poco tiempo. Espera un minuto e inténtalo de nuevo.',
    'version-unsupported':
      'Esta página y el servidor de llamadas no son compatibles. Recarga la página.',
    'token-missing':
      'Esta llamada pide una autorización de acceso. Ábrela desde la página que te invitó.',
    'token-invalid':
      'Tu acceso a esta llamada no es válido. Ábrela de nuevo desde la página que te invitó.',
    'token-expired':
      'Tu acceso a esta llamada ha caducado. Recarga la página o pide un enlace nuevo.',
    'token-room': 'Tu acceso es para otra llamada. Pide un enlace a esta.',
    'join-refused': 'No te han dejado entrar. Habla con el anfitrión si crees que es un error.',
    removed: 'Te han sacado de la llamada. Habla con el anfitrión si quieres volver.',
    'call-ended': 'El anfitrión ha terminado la llamada para todos.',
    'not-moderator': 'Solo un anfitrión de la llamada puede hacer eso.',
    waiting: 'Un anfitrión de la llamada sabe que estás aquí.',
    'muted-by-moderator': 'Un anfitrión ha silenciado tu micrófono. Puedes volver a activarlo.',
    'you-moderate':
      'Ahora eres el anfitrión. En «Personas» puedes silenciar a otros o bloquear la llamada.',
  },
  moderator: 'Anfitrión',
  viewer: 'Espectador',
  actions: 'Acciones para {name}',
  hideVideo: 'Ocultar vídeo',
  showVideo: 'Mostrar vídeo',
  mute: 'Silenciar',
  isMuted: 'Silenciado',
  remove: 'Sacar',
  removeSure: '¿Sacar a {name} de la llamada?',
  lock: 'Bloquear la llamada',
  lockHint: 'A quien llegue habrá que dejarle entrar.',
  lockedHint: 'La llamada está bloqueada: a quien llegue habrá que dejarle entrar.',
  waiting: 'Esperan para entrar: {n}',
  admit: 'Dejar entrar',
  refuse: 'Rechazar',
  admitNamed: 'Dejar entrar a {name}',
  refuseNamed: 'Rechazar a {name}',
  knocks: '{name} pide entrar',
  moreWaiting: 'Otros esperan: {n}',
  end: 'Terminar para todos',
  endSure: '¿Terminar la llamada para todos?',
};
