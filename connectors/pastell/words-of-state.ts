import type { PastellSettings } from './config.js';
import { standingOf } from './states.js';

/** Where a document stands while it is on its way, and the no of a person or of the State: clerks and finance software read them. What an administrator
 * has to correct is told in English, as all that stops a delivery. */
const FRENCH: Readonly<Record<string, string>> = {
  'creation': 'Il est dans Pastell, à l\'état de brouillon.',
  'modification': 'Il est dans Pastell, à l\'état de brouillon.',
  'importation': 'Il est importé dans Pastell et n\'est pas encore parti.',
  'orientation': 'Pastell choisit l\'étape suivante.',
  'pre-orientation': 'Pastell choisit l\'étape suivante.',
  'pre-send-tdt': 'Pastell va le transmettre à l\'État.',
  'transformation': 'Pastell calcule ses champs.',
  'transformation-fixe': 'Pastell calcule ses champs.',
  'send-iparapheur': 'Il est au parapheur.',
  'recu-iparapheur': 'Il est signé.',
  'recu-iparapheur-etat': 'Il est signé.',
  'rejet-iparapheur': 'Il a été refusé au parapheur.',
  'erreur-verif-iparapheur': 'Pastell n\'a pas eu de réponse du parapheur.',
  'send-tdt': 'Il est chez le tiers de télétransmission ; la réponse de l\'État est attendue.',
  'document-transmis-tdt': 'Un agent muni d\'un certificat doit confirmer sa transmission dans Pastell.',
  'teletransmission-tdt': 'Un agent confirme sa transmission.',
  'return-teletransmission-tdt': 'Un agent a confirmé sa transmission.',
  'tdt-error': 'La transmission s\'est terminée par une erreur.',
  'erreur-verif-tdt': 'Pastell n\'a pas pu savoir ce qu\'est devenue la transmission.',
  'acquiter-tdt': 'L\'État en a accusé réception.',
  'info-tdt': 'La trésorerie a répondu.',
  'refus-tdt': 'La trésorerie l\'a refusé.',
  'verif-reponse-tdt': 'Des courriers sont demandés à la préfecture.',
  'attente-reponse-prefecture': 'La préfecture a écrit, et attend une réponse dans Pastell.',
  'send-reponse-prefecture': 'La réponse est en route vers la préfecture.',
  'annulation-tdt': 'Son annulation est demandée à la préfecture.',
  'annuler-tdt': 'La préfecture l\'a annulé, comme demandé dans Pastell.',
  'send-ged-etat': 'Il est dans la GED.',
  'generate-sip': 'Il est en route vers l\'archive.',
  'send-archive': 'Il est en route vers l\'archive.',
  'ar-recu-sae': 'L\'archive l\'a reçu.',
  'ack-not-provided': 'L\'archive ne l\'a pas encore confirmé.',
  'verif-sae-erreur': 'Pastell n\'a pas pu interroger l\'archive.',
  'validation-sae-erreur': 'Pastell n\'a pas pu interroger l\'archive.',
  'accepter-sae': 'L\'archive l\'a accepté.',
  'send-mailsec': 'Il est envoyé par mail sécurisé, et personne ne l\'a encore lu.',
  'mailsec-relance': 'Il est envoyé par mail sécurisé, et ses lecteurs ont été relancés.',
  'renvoi': 'Il est envoyé une fois de plus par mail sécurisé.',
  'reception': 'Il a été lu par mail sécurisé.',
};

/** What the state of a document means, in the language of the settings as far as there are words for it. */
export function wordsOfState(state: string, { language }: Pick<PastellSettings, 'language'>): string {
  return (language === 'fr' && Object.hasOwn(FRENCH, state) ? FRENCH[state] : undefined) ?? standingOf(state).words;
}
