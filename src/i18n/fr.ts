import type { Strings } from './strings.ts';

export const fr: Strings = {
  lang: 'fr',
  dir: 'ltr',

  call: 'Appel vidéo',
  guest: 'Invité',
  you: 'Vous',
  close: 'Fermer',
  dismiss: 'Masquer',
  cancel: 'Annuler',
  tryAgain: 'Réessayer',
  loading: 'Chargement…',
  loadFailed: 'Cette partie n’a pas pu être chargée. Vérifiez votre connexion et réessayez.',

  microphone: 'Micro',
  camera: 'Caméra',
  speaker: 'Haut-parleur',
  screen: 'Partager l’écran',
  reactions: 'Réactions',
  chat: 'Discussion',
  people: 'Participants',
  settings: 'Réglages',
  leave: 'Quitter',
  more: 'Plus',
  controls: 'Commandes de l’appel',
  microphoneOn: 'Activer le micro',
  microphoneOff: 'Couper le micro',
  cameraOn: 'Activer la caméra',
  cameraOff: 'Couper la caméra',
  screenOn: 'Partager votre écran',
  screenOff: 'Arrêter le partage',
  unread: 'non lus : {n}',

  lobbyTitle: 'Prêt à participer ?',
  room: 'Salle',
  yourName: 'Votre nom',
  namePlaceholder: 'Visible par les autres',
  join: 'Participer',
  cameraIsOff: 'Votre caméra est coupée',
  opening: 'Démarrage de la caméra et du micro. Autorisez-les si le navigateur le demande.',
  microphoneIsOff: 'Votre micro est coupé',
  microphoneLevel: 'Niveau du micro',
  watchOnly: 'Vous regardez et écoutez. Votre caméra et votre micro restent coupés.',
  listenOnly: 'Cet appel est uniquement audio.',
  noDevice: 'Aucun appareil',
  defaultDevice: 'Par défaut',
  deviceNumber: '{kind} {n}',

  network: {
    direct: 'Réseau : les autres peuvent vous joindre directement.',
    nat: 'Réseau : les autres peuvent vous joindre à travers votre routeur.',
    relay: 'Réseau : un relais est nécessaire ici, et il fonctionne.',
    'relay-broken':
      'Réseau : un relais est nécessaire ici, et le nôtre ne répond pas. Essayez un autre réseau, par exemple celui de votre téléphone.',
    'relay-missing':
      'Réseau : un relais est nécessaire ici, et cet appel n’en a pas. Essayez un autre réseau, par exemple celui de votre téléphone.',
  },
  fits: 'Cet appareil : appels de {high} personnes en haute qualité, de {low} au plus.',

  idleTitle: 'Pas encore d’appel',
  idleText: 'L’appel apparaîtra ici quand la page l’ouvrira.',
  joining: 'Connexion à l’appel…',
  joiningText: 'Nous vous relions aux autres. Cela prend un instant.',
  leftTitle: 'Vous avez quitté l’appel',
  leftText: 'Votre caméra et votre micro sont coupés.',
  rejoin: 'Revenir',
  toLobby: 'Retour à l’accueil',
  failedTitle: 'L’appel n’a pas fonctionné',
  failedText: 'Un problème est survenu. Réessayez dans un instant.',

  connecting: 'Connexion…',
  reconnecting: 'Reconnexion…',
  unreachable: 'Impossible de joindre {name} : un pare-feu ou un réseau fait peut-être obstacle.',
  screenOf: 'Écran de {name}',
  yourScreen: 'Votre écran',
  muted: 'micro coupé',
  handRaised: 'main levée',
  pin: 'Afficher {name} en grand',
  unpin: 'Ne plus afficher {name} en grand',
  alone: 'Personne d’autre n’est encore là',
  aloneHint: 'Envoyez aux autres le lien de cette page.',
  copyLink: 'Copier le lien',
  copied: 'Lien copié',
  tapToHear: 'Touchez pour entendre les autres',
  previousPage: 'Participants précédents',
  nextPage: 'Participants suivants',
  page: 'Page {n} sur {all}',

  poor: 'Connexion faible',

  layoutGrid: 'Grille',
  layoutSpeaker: 'Orateur en grand',

  saidJoined: '{name} a rejoint l’appel',
  saidLeft: '{name} a quitté l’appel',
  saidYouJoined: 'Vous êtes dans l’appel. Autres participants : {n}',
  saidReconnecting: 'Reconnexion avec {name}',
  saidConnected: '{name} est de nouveau connecté',
  saidFailed: 'Impossible de joindre {name}',
  saidSharing: '{name} partage un écran',
  saidNotSharing: '{name} ne partage plus d’écran',
  saidHand: '{name} lève la main',
  saidMessage: 'Message de {name} : {text}',
  saidBack: 'De nouveau connecté au serveur',
  saidKnocks: '{name} demande à entrer',

  unknown: 'Un problème est survenu. Réessayez ; s’il persiste, rechargez la page.',
  codes: {
    'room-missing': 'Cet appel n’a pas encore de salle. La page doit en indiquer une.',
    'room-invalid': 'Ce nom de salle ne peut pas être utilisé. Demandez un nouveau lien.',
    'attribute-invalid':
      'Un réglage de cet appel est incorrect ; la valeur par défaut est utilisée ({detail}).',
    'insecure-context':
      'La caméra et le micro exigent une page sécurisée. Ouvrez cette page en https:// et réessayez.',
    'browser-unsupported':
      'Ce navigateur ne permet pas les appels vidéo. Ouvrez la page dans une version récente de Chrome, Edge, Firefox ou Safari.',
    'server-invalid':
      'L’adresse du serveur d’appel est incorrecte. Signalez-le aux responsables de cette page.',
    'server-unreachable':
      'Le serveur d’appel est injoignable. Vérifiez votre connexion internet et réessayez.',
    'camera-denied':
      'La caméra est bloquée pour cette page. Autorisez-la avec l’icône de la barre d’adresse, puis réessayez.',
    'camera-in-use':
      'La caméra est utilisée par une autre application ou un autre onglet. Fermez-la là-bas, puis réessayez.',
    'camera-missing': 'Aucune caméra trouvée. Branchez-en une ou participez sans image.',
    'microphone-denied':
      'Le micro est bloqué pour cette page. Autorisez-le avec l’icône de la barre d’adresse, puis réessayez.',
    'microphone-in-use':
      'Le micro est utilisé par une autre application ou un autre onglet. Fermez-le là-bas, puis réessayez.',
    'microphone-missing': 'Aucun micro trouvé. Branchez-en un ou participez pour écouter.',
    'screen-denied':
      'L’écran n’a pas pu être partagé. Autorisez l’enregistrement de l’écran pour ce navigateur dans les réglages du système, puis réessayez.',
    'screen-unsupported': 'Ce navigateur ne peut pas partager d’écran. Utilisez un ordinateur.',
    'peer-unreachable':
      'Aucune connexion avec {detail}. Un pare-feu fait peut-être obstacle : essayez un autre réseau ou revenez dans l’appel.',
    'message-too-long':
      'Ce message est trop long et n’a pas été envoyé. Raccourcissez-le et réessayez.',
    'message-empty': 'Écrivez d’abord quelque chose, puis envoyez-le.',
    'reaction-invalid': 'Une réaction est un emoji.',
    'participant-unknown': 'Cette personne n’est plus dans l’appel.',
    'not-joined': 'Vous n’êtes pas dans l’appel. Rejoignez-le d’abord.',
    cancelled: 'Annulé. Participez quand vous serez prêt.',
    reconnecting: 'Connexion au serveur perdue. Votre appel continue ; reconnexion…',
    overloaded:
      'Cet appel dépasse ce que peut cet appareil : seules les personnes qui parlent sont visibles.',
    'alone-again':
      'Tous les autres sont partis. Restez si vous attendez quelqu’un, ou quittez l’appel.',
    'camera-ended':
      'Votre caméra s’est arrêtée. Réactivez-la ou choisissez-en une autre dans les réglages.',
    'microphone-ended':
      'Votre micro s’est arrêté. Réactivez-le ou choisissez-en un autre dans les réglages.',
    'microphone-replaced':
      'Votre micro a été débranché ; le micro par défaut est utilisé maintenant.',
  },
};
