import type { OtherSide, PerItem, Rehearsal, Skips, Waiting } from '../../src/connector-kit/rehearsal.js';
import { sampleAnnex, sampleItem, type SampleAnnex } from '../../src/connector-kit/sample-item.js';
import type { Item } from '../../src/domain/item.js';
import type { FieldValue } from '../../src/domain/mapping.js';
import { writeArAnnulation } from '../../src/formats/actes/write-ar-acte.js';
import { writeArReply } from '../../src/formats/actes/write-letter.js';
import { writePesAcquit } from '../../src/formats/pes/write-acquit.js';
import { makePdf } from '../../src/signature-desk/make-pdf.js';
import { samplePes } from '../../src/state-desk/sample-pes.js';
import type { StateDesk } from '../../src/state-desk/state-desk.js';
import { TOWN } from './simulated-accounts.js';
import { answerArrival, arrivals } from './simulated-arrivals.js';
import { isSettled, numberOfSettled, settledAct, settleActs } from './simulated-settled-acts.js';
import { openS2lowSimulator, settingsAt, type S2lowSimulatorOptions } from './simulator.js';

type Fields = Readonly<Record<string, FieldValue>>;

/** How what arrived is known again. */
interface Recognition {
  /** Number of the item by the name that it has over there; NaN for what is of no item of a suite. */
  readonly itemOf: (name: string) => number;
  /** Fields that never travel, as they were mapped. */
  readonly kept?: Fields;
  /** The field of the file as it was mapped, where the platform has another name for it. */
  readonly renamed?: (name: string) => string;
  /** The operation is about acts that are acknowledged, and letters about them. */
  readonly needsActs?: true;
  /** What waits unasked. */
  readonly announce?: (desk: StateDesk) => Promise<Waiting>;
  readonly variant?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** An agent confirms what was deposited, before anybody answers it. */
  readonly isConfirmed?: true;
}

/** The sample has the day in its past, whichever clock it is read by. */
const DOCUMENTS = { mainDocument: 'acte n 1.pdf', typology: '99_DE', annexes: ['plan.png'], annexTypologies: ['41_CA'] } as const;
const PUBLISHED = { publishedOn: '2026-03-02' };
const DAY = '2026-11-20';

/** More acts than a suite has items. */
const SETTLED = 20;

/** What the settings say of acts of which the step does not. */
const DEFAULTS = { nature: '1', classification: '7.10' };

const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=', 'base64');

const skips: Skips = {
  files: 'only real files of the trade are taken: the rehearsal has a sample of each',
  'no-file': 'there is nothing to transmit without its file',
  cancel: 'what was posted is not taken back: an act that is acknowledged is cancelled by an operation of its own',
};

const ACT = { number: 'RELAIS_0', nature: '1', classification: '7.10', decisionDate: '2026-02-27', subject: 'Réfection de la rue « Haute », n° 12', paperFollows: true, ...PUBLISHED, ...DOCUMENTS };

const PER_ACT: PerItem = {
  fields: (item) => ({ number: `RELAIS_${numberOf(item)}` }),
  files: (item) => actFiles(`Délibération ${numberOf(item)}`),
};
const KNOWN_ACT: Recognition = { itemOf: (name) => Number(/^RELAIS_(\d+)$/.exec(name)?.[1]), kept: PUBLISHED };

export const rehearsals: readonly Rehearsal[] = [
  rehearsalOf('transmit-act', ACT, PER_ACT, { ...KNOWN_ACT, announce: announceLetter }),
  rehearsalOf('transmit-act', ACT, PER_ACT, { ...KNOWN_ACT, variant: 'confirmed by an agent', settings: { confirmation: 'agent' }, isConfirmed: true }),
  rehearsalOf('transmit-pes', { file: samplePes(0).filename }, {
    fields: (item) => ({ file: samplePes(numberOf(item)).filename }),
    files: (item) => [pesFile(numberOf(item))],
    answer: (item) => acceptance(numberOf(item)),
  }, { itemOf: (name) => Number(/_(\d+)-[0-9a-f]+\.xml$/.exec(name)?.[1]), renamed: (name) => name.replace(/-[0-9a-f]+\.xml$/, '.xml'), announce: announceReturn }),
  rehearsalOf('answer-letter', { letter: '0', act: '0', action: 'send', ...DOCUMENTS }, {
    fields: (item) => ({ letter: settledAct(numberOf(item)).letter, act: settledAct(numberOf(item)).act }),
    files: (item) => actFiles(`Réponse ${numberOf(item)}`),
    answer: (item) => ({ filename: 'AR.xml', content: writeArReply('ARPieceComplementaire', { actId: settledAct(numberOf(item)).actId, letterOn: DAY, receivedOn: DAY }) }),
  }, { needsActs: true, itemOf: numberOfSettled }),
  rehearsalOf('cancel-act', { act: '0' }, {
    fields: (item) => ({ act: settledAct(numberOf(item)).act }),
    files: () => [],
    answer: (item) => ({ filename: 'ARAnnulation.xml', content: writeArAnnulation({ actId: settledAct(numberOf(item)).actId, receivedOn: DAY }) }),
  }, { needsActs: true, itemOf: numberOfSettled }),
];

function rehearsalOf(operation: string, fields: Fields, perItem: PerItem, recognition: Recognition): Rehearsal {
  const { variant, settings = {}, announce, isConfirmed } = recognition;
  const all = { ...DEFAULTS, ...settings };
  return {
    operation, fields, perItem, ...variant !== undefined && { variant }, ...announce !== undefined && { announces: true }, ...isConfirmed === true && { awaitsPerson: true },
    skips: operation === 'cancel-act' ? { ...skips, 'no-file': 'a cancellation has no file: every item of this rehearsal is without one' } : skips,
    settingsAt: (port) => settingsAt(port, { settings: all }),
    open: (options) => openRehearsal(recognition, { ...options, settings: all }),
  };
}

async function openRehearsal({ itemOf, kept = {}, renamed = (name) => name, needsActs, announce, isConfirmed }: Recognition, options: S2lowSimulatorOptions): Promise<OtherSide> {
  const other = await openS2lowSimulator(options);
  const { desk } = other;
  if (needsActs === true && desk.prefecture.list().length === 0) await settleActs(desk, SETTLED);
  const uidOf = (name: string): string => (Number.isNaN(itemOf(name)) ? name : sampleItem(itemOf(name)).uid);
  return {
    ...other,
    delivered: () => Promise.resolve(arrivals(desk).filter(({ itemUid }) => !isSettled(itemUid)).map(({ itemUid, files, fields }) => ({
      itemUid: uidOf(itemUid), files, fields: { ...fields, ...kept, ...('file' in (fields ?? {}) && { file: renamed(itemUid) }) },
    }))),
    async answer(itemUid, answer) {
      if (isConfirmed === true) for (const one of desk.prefecture.list()) if (one.stage === 'waiting') await desk.prefecture.post(one.id);
      await answerArrival(arrivals(desk).find((one) => uidOf(one.itemUid) === itemUid)?.itemUid ?? itemUid, answer, desk);
    },
    ...announce !== undefined && { announce: () => announce(desk) },
    // what is deposited waits already
    ...isConfirmed === true && { awaitPerson: () => Promise.resolve() },
  };
}

/** Nobody can take them away: what is marked as read can still be fetched. */
async function announceLetter(desk: StateDesk): Promise<Waiting> {
  await settleActs(desk, 1);
  const letter = desk.prefecture.unread(TOWN).at(-1);
  return { isMarked: () => Promise.resolve(!desk.prefecture.unread(TOWN).some(({ id }) => id === letter?.id)) };
}

async function announceReturn({ treasury }: StateDesk): Promise<Waiting> {
  const { id } = await treasury.giveBack(TOWN);
  return { isMarked: () => Promise.resolve(treasury.findReturn(id)?.isRead === true) };
}

/** Items of a suite are numbered, and their uid is that number. */
function numberOf({ uid }: Item): number {
  return Number.parseInt(uid, 16);
}

function actFiles(title: string): readonly SampleAnnex[] {
  const plan = sampleAnnex('plan.png', PNG);
  return [sampleAnnex('acte n 1.pdf', makePdf([title])), { ...plan, annex: { ...plan.annex, mediaType: 'image/png' } }];
}

function pesFile(number: number): SampleAnnex {
  const { filename, content } = samplePes(number);
  const sample = sampleAnnex(filename, content);
  return { ...sample, annex: { ...sample.annex, mediaType: 'application/xml' } };
}

/** What the treasury says where it takes all of a flow. */
function acceptance(number: number): { readonly filename: string; readonly content: Buffer } {
  const { nomFic, codCol, idColl } = samplePes(number);
  const elements = [{ domain: '5', isAccepted: true, slip: { number: '1', year: '2027' }, attachment: null, market: null, errors: [], pieces: [] }];
  return { filename: `${nomFic}_ACQ.xml`, content: writePesAcquit({ nomFic, codCol, idColl, elements }) };
}
