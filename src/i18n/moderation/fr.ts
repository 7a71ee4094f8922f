import type { ModerationStrings } from './words.ts';

export const fr: ModerationStrings = {
  titles: {
    waiting: 'On va bientôt vous faire entrer',
    removed: 'Vous avez été retiré',
    'join-refused': 'On ne vous a pas fait entrer',
    'call-ended': 'L’appel est terminé',
    'token-missing': 'Cet appel n’est pas ouvert à tous',
    'token-invalid': 'Ce lien ne fonctionne pas',
    'token-expired': 'Votre accès a expiré',
    'token-room': 'Ce lien mène à un autre appel',
  },
  codes: {
    'room-full': 'Cet appel est complet. Réessayez quand quelqu’un sera parti.',
    'ice-server-invalid': 'Un serveur relais de cet appel est mal configuré et a été ignoré.',
    'server-full': 'Le serveur d’appel est complet. Réessayez dans quelques minutes.',
    'rate-limited': 'Trop de tentatives en peu de temps. Attendez une minute et réessayez.',
    'version-unsupported':
      'Cette page et le serveur d’appel ne sont pas compatibles. Rechargez la page.',
    'token-missing':
      'Cet appel demande une autorisation d’accès. Ouvrez-le depuis la page qui vous a invité.',
    'token-invalid':
      'Votre accès à cet appel n’est pas valable. Ouvrez-le de nouveau depuis la page qui vous a invité.',
    'token-expired':
      'Votre accès à cet appel a expiré. Rechargez la page ou demandez un nouveau lien.',
    'token-room': 'Votre accès concerne un autre appel. Demandez un lien vers celui-ci.',
    'join-refused':
      'On ne vous a pas fait entrer. Adressez-vous à l’hôte si vous pensez que c’est une erreur.',
    removed: 'Vous avez été retiré de l’appel. Adressez-vous à l’hôte pour revenir.',
    'call-ended': 'L’hôte a mis fin à l’appel pour tous.',
    'not-moderator': 'Seul un hôte de l’appel peut faire cela.',
    waiting: 'Un hôte de l’appel sait que vous êtes là.',
    'muted-by-moderator': 'Un hôte a coupé votre micro. Vous pouvez le réactiver.',
    'you-moderate':
      'Vous êtes maintenant l’hôte. Sous « Participants », vous pouvez couper des micros ou verrouiller l’appel.',
  },
  moderator: 'Hôte',
  viewer: 'Spectateur',
  actions: 'Actions pour {name}',
  hideVideo: 'Masquer la vidéo',
  showVideo: 'Afficher la vidéo',
  mute: 'Couper le micro',
  isMuted: 'Micro coupé',
  remove: 'Retirer',
  removeSure: 'Retirer {name} de l’appel ?',
  lock: 'Verrouiller l’appel',
  lockHint: 'Il faut faire entrer les nouveaux venus.',
  lockedHint: 'L’appel est verrouillé : il faut faire entrer les nouveaux venus.',
  waiting: 'En attente : {n}',
  admit: 'Faire entrer',
  refuse: 'Refuser',
  admitNamed: 'Faire entrer {name}',
  refuseNamed: 'Refuser {name}',
  knocks: '{name} demande à entrer',
  moreWaiting: 'Autres en attente : {n}',
  end: 'Terminer pour tous',
  endSure: 'Terminer l’appel pour tous ?',
};
