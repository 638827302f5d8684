/** Why a message can never be taken as it is. */
export type MailRefusal =
  | 'not-a-message'
  | 'too-large'
  | 'too-many-parts'
  | 'too-deep'
  | 'too-slow'
  | 'unreadable';

/** Why a message is no letter. */
export type AsideReason =
  | 'automatic-reply'
  | 'bulk'
  | 'bounce'
  | 'receipt'
  | 'our-own'
  | 'sender-refused'
  | 'sender-not-accepted'
  | 'too-many';

/** What became of a message. `already-received`: the same letter is that item. `aside`: it is no letter, and nobody is answered. */
export type MailOutcome =
  | { readonly state: 'received' | 'already-received'; readonly uid: string }
  | { readonly state: 'aside'; readonly reason: AsideReason }
  | { readonly state: 'refused'; readonly reason: MailRefusal };

const WORDS: Readonly<Record<MailRefusal | AsideReason, string>> = {
  'not-a-message': 'it has no header of a mail',
  'too-large': 'it is larger than mail.limits.size, or its header is larger than 256 KiB',
  'too-many-parts': 'it has more attachments than mail.limits.attachments',
  'too-deep': 'its parts are nested deeper than mail.limits.depth',
  'too-slow': 'it could not be read within mail.limits.time',
  unreadable: 'it cannot be read as a mail',
  'automatic-reply': 'a program answered, not a person',
  bulk: 'it was sent to many by a program (Precedence)',
  bounce: 'it tells of a mail that could not be delivered',
  receipt: 'it tells that a mail was read',
  'our-own': 'Relais sent it itself',
  'sender-refused': 'mail.senders.refuse names its sender',
  'sender-not-accepted': 'mail.senders.accept does not name its sender',
  'too-many': 'its sender sent more messages than mail.senders.most in that time',
};

/** A reason in plain words, for the log. */
export function reasonInWords(reason: MailRefusal | AsideReason): string {
  return WORDS[reason];
}

/** Thrown where reading a message finds that it can never be taken. */
export class MessageRefused extends Error {
  readonly reason: MailRefusal;

  constructor(reason: MailRefusal, options?: ErrorOptions) {
    super(WORDS[reason], options);
    this.reason = reason;
  }
}
