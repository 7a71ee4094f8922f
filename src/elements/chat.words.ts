/** Words of the chat alone. Here and not in `i18n/`: a first call need not carry them. */
export interface ChatWords {
  readonly message: string;
  readonly send: string;
  readonly noMessages: string;
  readonly tooLong: string;
  readonly newMessages: string;
  /** Beside a message that one person was sent. */
  readonly isPrivate: string;
}

const en: ChatWords = {
  message: 'Write a message',
  send: 'Send',
  noMessages: 'No messages yet. What is written here goes to everyone in the call.',
  tooLong: 'This message is too long. Shorten it or send it in parts.',
  newMessages: 'New messages',
  isPrivate: 'private',
};

const words: Readonly<Record<string, ChatWords>> = {
  de: {
    message: 'Nachricht schreiben',
    send: 'Senden',
    noMessages: 'Noch keine Nachrichten. Was du hier schreibst, geht an alle im Anruf.',
    tooLong: 'Diese Nachricht ist zu lang. Kürze sie oder schicke sie in Teilen.',
    newMessages: 'Neue Nachrichten',
    isPrivate: 'privat',
  },
  es: {
    message: 'Escribe un mensaje',
    send: 'Enviar',
    noMessages: 'Aún no hay mensajes. Lo que escribas aquí llega a todos en la llamada.',
    tooLong: 'Este mensaje es demasiado largo. Acórtalo o envíalo por partes.',
    newMessages: 'Mensajes nuevos',
    isPrivate: 'privado',
  },
  fr: {
    message: 'Écrire un message',
    send: 'Envoyer',
    noMessages: 'Aucun message. Ce que vous écrivez ici est envoyé à tous les participants.',
    tooLong: 'Ce message est trop long. Raccourcissez-le ou envoyez-le en plusieurs fois.',
    newMessages: 'Nouveaux messages',
    isPrivate: 'privé',
  },
};

/** `lang`: that of the texts of the call. */
export const chatWords = (lang: string): ChatWords => words[lang] ?? en;
