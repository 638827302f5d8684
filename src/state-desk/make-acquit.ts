import type { AcquitElement, PesAcquit } from '../formats/pes/pes-acquit.js';
import type { PesReport, PesSlip } from '../formats/pes/pes-report.js';
import { writePesAcquit } from '../formats/pes/write-acquit.js';
import { StateRefusal } from './state-refusal.js';
import type { FlowAnswer, FlowNames } from './treasury-flow.js';

/** Codes of DomaineAck (contracts/pes-actes-formats.md §A7). */
const DOMAIN = { technical: '0', attachment: '4', expense: '5', revenue: '6' } as const;
const REJECTION = { code: 'ERREUR_AUTRE', label: 'Rejeté par le comptable' };
const REJECTED_SLIP = { code: 'ERREUR_DOUBLON_BORDEREAU', label: 'Le numéro de bordereau existe déjà pour cet exercice' };

/** The PES_ACQUIT for a flow: accepted whole, rejected whole, or one slip of it rejected. Throws StateRefusal where that slip
 * is not in the flow: it would be accepted whole. */
export function makeAcquit(report: PesReport, names: FlowNames, answer: FlowAnswer): Buffer {
  if (typeof answer.verdict === 'object') return answer.verdict.acquit;
  const acquit: PesAcquit = {
    nomFic: answer.isOfAnother === true ? `${names.nomFic.slice(0, 90)}_AUTRE` : names.nomFic,
    codCol: names.codCol, idColl: names.idColl, elements: elementsOf(report, answer),
    ...report.idPost !== null && { idPost: report.idPost }, ...report.codBud !== null && { codBud: report.codBud }, ...report.producedOn !== null && { producedOn: report.producedOn },
  };
  return writePesAcquit(acquit);
}

function elementsOf(report: PesReport, { verdict, code, label, slip }: FlowAnswer): readonly AcquitElement[] {
  if (verdict === 'reject') return [element({ isAccepted: false, errors: [{ code: code ?? REJECTION.code, label: label ?? REJECTION.label }] })];
  const slips = report.slips.map(acceptedSlip);
  if (verdict === 'accept') return slips.length > 0 ? slips : acceptedAttachments(report);
  const chosen = slip === undefined ? slips.length - 1 : report.slips.findIndex(({ number }) => number === slip);
  if (chosen === -1) throw new StateRefusal('unknown', slip === undefined ? 'Ce flux n\'a pas de bordereau à rejeter.' : `Ce flux n'a pas de bordereau ${slip}.`);
  const error = { code: code ?? REJECTED_SLIP.code, label: label ?? REJECTED_SLIP.label };
  return slips.map((one, index) => (index === chosen ? { ...one, isAccepted: false, errors: [error], pieces: [{ number: '1', errors: [error], lines: [] }] } : one));
}

function acceptedSlip({ domain, number, year }: PesSlip): AcquitElement {
  return element({ domain: DOMAIN[domain], slip: { number, year } });
}

/** A flow of attachments alone has no slip. */
function acceptedAttachments({ attachments }: PesReport): readonly AcquitElement[] {
  return attachments.length === 0 ? [element({})] : attachments.map(({ uniqueId }) => element({ domain: DOMAIN.attachment, attachment: uniqueId }));
}

function element(given: Partial<AcquitElement>): AcquitElement {
  return { domain: DOMAIN.technical, isAccepted: true, slip: null, attachment: null, market: null, errors: [], pieces: [], ...given };
}
