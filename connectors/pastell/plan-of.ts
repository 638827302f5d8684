import type { ConnectorContext, Submission } from '../../src/connector-api/connector.js';
import { Misconfigured, Refused } from '../../src/connector-api/failures.js';
import { uniqueFilenames } from '../../src/signature-book/unique-filenames.js';
import { actOf } from '../../src/tele-transmission/act.js';
import { TRANSMIT_ACT, TRANSMIT_PES } from '../../src/tele-transmission/fields.js';
import { chooseAndReadPes } from '../../src/tele-transmission/pes.js';
import type { PastellSettings } from './config.js';
import { documentMark, markedFilename, markedTitle } from './document-mark.js';
import { byNumber, byTitle } from './look-up.js';
import type { Plan } from './plan.js';
import { pdfPlan, signPlan } from './signing-plan.js';
import { usualAdvance, type Route } from './route.js';

/** Longest title that lists show whole. */
const LONGEST_TITLE = 255;

export const PROCESS_PDF = 'process-pdf';
export const SIGN = 'sign';

/** §4.4: what the treasury takes, checked by newer versions alone. */
const LARGEST_PES = 128_000_000;

/** The document that a submission makes. Throws Refused for what makes none. */
export async function planOf(submission: Submission, settings: PastellSettings, context: ConnectorContext): Promise<Plan> {
  switch (submission.operation) {
    case TRANSMIT_ACT:
      return actPlan(submission, settings, context);
    case TRANSMIT_PES:
      return await pesPlan(submission, settings, context);
    case PROCESS_PDF:
      return await pdfPlan(submission, settings, context);
    case SIGN:
      return await signPlan(submission, settings, context);
    default:
      throw new Misconfigured(`The pastell connector does «${[TRANSMIT_ACT, TRANSMIT_PES, PROCESS_PDF, SIGN].join('», «')}», not «${submission.operation}».`);
  }
}

/** The number tells an act from others; the mark in the name of its file, one delivery of it from another. */
function actPlan(submission: Submission, settings: PastellSettings, { clock, logger }: ConnectorContext): Plan {
  const { key } = submission;
  const act = actOf(submission, settings, clock.now());
  if (act.subject.replaced.length > 0) logger.warn('The subject holds characters that the State does not take; they were replaced', { replaced: act.subject.replaced });
  const name = uniqueFilenames();
  return {
    key, type: settings.acts.type, route: routeOf(settings.acts), titleField: 'objet',
    fields: {
      numero_de_lacte: act.number, objet: act.subject.text, acte_nature: act.nature, date_de_lacte: act.decisionDate,
      ...(act.paperFollows && { document_papier: '1' }),
    },
    files: [
      { field: 'arrete', number: 0, annex: act.main, filename: markedFilename(name(act.main), documentMark(key)) },
      ...act.annexes.map((annex, number) => ({ field: 'autre_document_attache', number, annex, filename: name(annex) })),
    ],
    lists: ['autre_document_attache'], subtype: settings.acts.subtype ?? null, act,
    recognition: byNumber(key, { number: act.number, nature: act.nature, date: act.decisionDate }),
    facts: { kind: 'act', number: act.number, publishedOn: act.publishedOn },
  };
}

/** A PES has no field of ours: the title (`objet`) is its NomFic, and the mark. */
async function pesPlan(submission: Submission, settings: PastellSettings, context: ConnectorContext): Promise<Plan> {
  const { key } = submission;
  const { annex, report: { nomFic, codCol } } = await chooseAndReadPes(submission, settings, context);
  if (nomFic === null || codCol === null) throw new Refused(`«${annex.filename}» has no NomFic or no CodCol: neither a repeat nor its acquit could be told from others.`);
  if (annex.size > LARGEST_PES) throw new Refused(`«${annex.filename}» has ${annex.size} bytes; Pastell takes ${LARGEST_PES} at most.`);
  return {
    key, type: settings.flows.type, route: routeOf(settings.flows), titleField: 'objet',
    fields: { objet: markedTitle(nomFic, documentMark(key), LONGEST_TITLE) },
    files: [{ field: 'fichier_pes', number: 0, annex, filename: uniqueFilenames()(annex) }],
    lists: [], subtype: settings.flows.subtype ?? null, act: null,
    recognition: byTitle(key, nomFic, `The PES flow «${nomFic}»`),
    facts: { kind: 'pes', nomFic, codCol },
  };
}

function routeOf({ type, advance, sign, transmit, deposit, archive }: PastellSettings['acts']): Route {
  return { sign, transmit, deposit, mail: false, archive, advance: advance ?? usualAdvance(type) };
}
