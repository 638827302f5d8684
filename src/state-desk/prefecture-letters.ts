import { dayOf } from './act-names.js';
import type { Exchange, Letter, LetterKind, NewReply, Reply } from './exchange.js';
import { letterArchive } from './letter-archive.js';
import type { PrefectureParts } from './prefecture-parts.js';
import { StateRefusal } from './state-refusal.js';

/** Letters of the prefecture about acts, and the replies to them. */
export interface PrefectureLetters {
  /** Writes a letter about an act that was acknowledged. */
  write(actId: string, kind: LetterKind, words?: string): Promise<Letter>;
  /** Takes the reply to a letter. Refused, as `duplicate`, where there is one already. */
  reply(reply: NewReply): Promise<Reply>;
  /** Letters of an authority that nobody has marked as read. */
  unread(authority: string): readonly Letter[];
  /** Nothing happens for what is no letter. */
  markRead(id: string): Promise<void>;
}

/** What a letter says unless it is told. */
const WORDS: Readonly<Record<LetterKind, string>> = {
  simple: 'Votre acte appelle de ma part une remarque de forme.', pieces: 'Merci de transmettre le plan annexé à la délibération.',
  observations: 'La délibération ne vise pas l\'avis du comité technique.', court: 'Vice de compétence de l\'auteur de l\'acte.',
};

export function createLetters({ clock, ledger, base, put, required, keep }: PrefectureParts): PrefectureLetters {
  const { exchanges, inTurn } = ledger;
  return {
    write: (id, kind, words = WORDS[kind]) => inTurn(async () => {
      const act = required(id);
      if (act.kind !== 'act' || act.receivedOn === null) throw new StateRefusal('not-now', `La transaction ${id} n'est pas un acte reçu.`);
      const letter = { ...base(act.authority), kind: 'letter' as const, letter: kind, about: id, date: dayOf(clock.now()), words, stage: 'received' as const, isRead: false };
      const { filename, bytes } = await letterArchive(letter, act, Number(letter.id) % 10_000);
      return put({ ...letter, archive: await keep(filename, 'application/gzip', bytes) });
    }),
    reply: ({ about, ...reply }) => inTurn(() => {
      const letter = required(about);
      if (letter.kind !== 'letter' || letter.letter === 'court') throw new StateRefusal('not-understood', `La transaction ${about} n'attend aucune réponse.`);
      if ([...exchanges.values()].some((one) => isReplyTo(one, about) && one.stage !== 'error')) throw new StateRefusal('duplicate', `Une réponse au document ${about} a déjà été envoyée.`);
      return put({ ...base(reply.authority), ...reply, kind: 'reply' as const, about, letter: letter.letter, stage: 'posted' as const });
    }),
    unread: (authority) => [...exchanges.values()].filter((one) => one.kind === 'letter').filter((one) => one.authority === authority && !one.isRead),
    markRead: (id) => inTurn(() => {
      const letter = exchanges.get(id);
      if (letter?.kind === 'letter') put({ ...letter, isRead: true });
    }),
  };
}

export function isReplyTo(exchange: Exchange, letterId: string): exchange is Reply {
  return exchange.kind === 'reply' && exchange.about === letterId;
}
