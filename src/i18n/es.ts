import type { Strings } from './strings.ts';

export const es: Strings = {
  lang: 'es',
  dir: 'ltr',

  call: 'Videollamada',
  guest: 'Invitado',
  you: 'Tú',
  close: 'Cerrar',
  dismiss: 'Ocultar',
  cancel: 'Cancelar',
  tryAgain: 'Reintentar',
  loading: 'Cargando…',
  loadFailed: 'No se pudo cargar esta parte. Comprueba tu conexión e inténtalo de nuevo.',

  microphone: 'Micrófono',
  camera: 'Cámara',
  speaker: 'Altavoz',
  screen: 'Compartir pantalla',
  reactions: 'Reacciones',
  chat: 'Chat',
  people: 'Personas',
  settings: 'Ajustes',
  leave: 'Salir',
  more: 'Más',
  controls: 'Controles de la llamada',
  microphoneOn: 'Activar el micrófono',
  microphoneOff: 'Desactivar el micrófono',
  cameraOn: 'Activar la cámara',
  cameraOff: 'Desactivar la cámara',
  screenOn: 'Compartir tu pantalla',
  screenOff: 'Dejar de compartir',
  unread: 'sin leer: {n}',

  lobbyTitle: '¿Todo listo?',
  room: 'Sala',
  yourName: 'Tu nombre',
  namePlaceholder: 'Así te verán los demás',
  join: 'Unirse',
  cameraIsOff: 'Tu cámara está apagada',
  opening: 'Iniciando cámara y micrófono. Permítelos si el navegador lo pide.',
  microphoneIsOff: 'Tu micrófono está apagado',
  microphoneLevel: 'Nivel del micrófono',
  watchOnly: 'Entras para ver y escuchar. Tu cámara y tu micrófono siguen apagados.',
  listenOnly: 'Esta llamada es solo de audio.',
  noDevice: 'No se encontró ninguno',
  defaultDevice: 'Predeterminado',
  deviceNumber: '{kind} {n}',

  network: {
    direct: 'Red: los demás te encuentran directamente.',
    nat: 'Red: los demás te encuentran a través de tu router.',
    relay: 'Red: aquí hace falta un relé, y funciona.',
    'relay-broken':
      'Red: aquí hace falta un relé, y el nuestro no responde. Prueba otra red, por ejemplo la de tu teléfono.',
    'relay-missing':
      'Red: aquí hace falta un relé, y esta llamada no tiene ninguno. Prueba otra red, por ejemplo la de tu teléfono.',
  },
  fits: 'Este dispositivo: llamadas de {high} personas en calidad alta, de {low} como máximo.',

  idleTitle: 'Aún no hay llamada',
  idleText: 'La llamada aparecerá aquí cuando la página la abra.',
  joining: 'Entrando en la llamada…',
  joiningText: 'Te conectamos con los demás. Tarda un momento.',
  leftTitle: 'Has salido de la llamada',
  leftText: 'Tu cámara y tu micrófono están apagados.',
  rejoin: 'Volver a entrar',
  toLobby: 'Volver al inicio',
  failedTitle: 'La llamada no ha funcionado',
  failedText: 'Algo ha fallado. Inténtalo de nuevo en un momento.',

  connecting: 'Conectando…',
  reconnecting: 'Reconectando…',
  unreachable: 'No se puede conectar con {name}: puede que lo impida un cortafuegos o una red.',
  screenOf: 'Pantalla de {name}',
  yourScreen: 'Tu pantalla',
  muted: 'micrófono apagado',
  handRaised: 'mano levantada',
  pin: 'Ver a {name} en grande',
  unpin: 'Dejar de ver a {name} en grande',
  alone: 'Todavía no hay nadie más',
  aloneHint: 'Envía a los demás el enlace de esta página.',
  copyLink: 'Copiar enlace',
  copied: 'Enlace copiado',
  tapToHear: 'Toca para oír a los demás',
  previousPage: 'Personas anteriores',
  nextPage: 'Más personas',
  page: 'Página {n} de {all}',

  poor: 'Mala conexión',

  layoutGrid: 'Cuadrícula',
  layoutSpeaker: 'Quien habla en grande',

  saidJoined: '{name} ha entrado',
  saidLeft: '{name} ha salido',
  saidYouJoined: 'Estás en la llamada. Otras personas: {n}',
  saidReconnecting: 'Reconectando con {name}',
  saidConnected: '{name} vuelve a estar en línea',
  saidFailed: 'No se puede conectar con {name}',
  saidSharing: '{name} comparte una pantalla',
  saidNotSharing: '{name} ha dejado de compartir pantalla',
  saidHand: '{name} levanta la mano',
  saidMessage: 'Mensaje de {name}: {text}',
  saidBack: 'Conexión con el servidor recuperada',
  saidKnocks: '{name} pide entrar',

  unknown: 'Algo ha fallado. Inténtalo de nuevo; si se repite, recarga la página.',
  codes: {
    'room-missing': 'Esta llamada aún no tiene sala. La página tiene que indicar una.',
    'room-invalid': 'Este nombre de sala no se puede usar. Pide un enlace nuevo a la llamada.',
    'attribute-invalid':
      'Un ajuste de esta llamada es incorrecto y se usa el predeterminado ({detail}).',
    'insecure-context':
      'La cámara y el micrófono necesitan una página segura. Abre esta página con https:// e inténtalo de nuevo.',
    'browser-unsupported':
      'Este navegador no permite videollamadas. Abre la página en una versión actual de Chrome, Edge, Firefox o Safari.',
    'server-invalid':
      'La dirección del servidor de llamadas es incorrecta. Avisa a quienes llevan esta página.',
    'server-unreachable':
      'No se puede conectar con el servidor de llamadas. Comprueba tu conexión a internet e inténtalo de nuevo.',
    'camera-denied':
      'La cámara está bloqueada para esta página. Permítela con el icono de la barra de direcciones e inténtalo de nuevo.',
    'camera-in-use':
      'Otra aplicación o pestaña está usando la cámara. Ciérrala allí e inténtalo de nuevo.',
    'camera-missing': 'No se encontró ninguna cámara. Conecta una o entra sin imagen.',
    'microphone-denied':
      'El micrófono está bloqueado para esta página. Permítelo con el icono de la barra de direcciones e inténtalo de nuevo.',
    'microphone-in-use':
      'Otra aplicación o pestaña está usando el micrófono. Ciérrala allí e inténtalo de nuevo.',
    'microphone-missing': 'No se encontró ningún micrófono. Conecta uno o entra para escuchar.',
    'screen-denied':
      'No se pudo compartir la pantalla. Permite la grabación de pantalla a este navegador en los ajustes del sistema e inténtalo de nuevo.',
    'screen-unsupported': 'Este navegador no puede compartir pantalla. Usa un ordenador.',
    'peer-unreachable':
      'Sin conexión con {detail}. Puede que lo impida un cortafuegos: prueba otra red o vuelve a entrar.',
    'message-too-long':
      'Ese mensaje es demasiado largo y no se ha enviado. Acórtalo e inténtalo de nuevo.',
    'message-empty': 'Primero escribe algo y después envíalo.',
    'reaction-invalid': 'Una reacción es un emoji.',
    'participant-unknown': 'Esta persona ya no está en la llamada.',
    'not-joined': 'No estás en la llamada. Entra primero.',
    cancelled: 'Cancelado. Entra cuando quieras.',
    reconnecting: 'Se ha perdido la conexión con el servidor. Tu llamada sigue; reconectando…',
    overloaded:
      'Esta llamada es más de lo que puede este dispositivo: solo se ve a quienes hablan.',
    'alone-again': 'Los demás han salido. Quédate si esperas a alguien o sal de la llamada.',
    'camera-ended': 'Tu cámara se ha detenido. Actívala de nuevo o elige otra en los ajustes.',
    'microphone-ended':
      'Tu micrófono se ha detenido. Actívalo de nuevo o elige otro en los ajustes.',
    'microphone-replaced': 'Tu micrófono se desconectó; ahora se usa el predeterminado.',
  },
};
