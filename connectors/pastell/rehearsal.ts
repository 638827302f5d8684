import type { Arrival, OtherSide, PerItem, Rehearsal } from '../../src/connector-kit/rehearsal.js';
import { sampleAnnex, type SampleAnnex } from '../../src/connector-kit/sample-item.js';
import type { FieldValue } from '../../src/domain/mapping.js';
import { makePdf } from '../../src/signature-desk/make-pdf.js';
import { documentMark, markOfFilename, readTitle, unmarked } from './document-mark.js';
import type { SimulatedDocument } from './simulated-document.js';
import { sampleAcquit, sampleFlow } from './simulated-flow.js';
import { codesIn } from './simulated-form.js';
import { enter } from './simulated-world.js';
import { openPastellSimulator, settingsFor, type PastellSimulator, type PastellSimulatorOptions } from './simulator.js';

type Values = Readonly<Record<string, FieldValue>>;
type Settings = OtherSide['settings'];

/** How one operation is rehearsed with one version and one way through Pastell. */
interface Kind {
  readonly variant: string;
  readonly version: NonNullable<PastellSimulatorOptions['version']>;
  /** What the settings have beside the account. */
  readonly settings?: Settings;
}

/** A PNG of one pixel; what follows its end is nothing to look at. */
const PIXEL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=', 'base64');

const act = {
  number: '2027_0', nature: '1', classification: '7.1', decisionDate: '2027-02-26', subject: 'Réfection de la rue « Haute »', mainDocument: 'délibération.pdf', typology: '99_DE', annexes: ['plan.png', 'photo.png'],
  annexTypologies: ['41_CA', '22_AV'], paperFollows: true, publishedOn: '2027-02-28',
} as const;

const actItem: PerItem = {
  fields: ({ uid }) => ({ number: `2027_${numberOf(uid)}` }),
  files: ({ uid }) => [sampleAnnex('délibération.pdf', makePdf(['Délibération', uid])), ...act.annexes.map((name) => ofKind(sampleAnnex(name, Buffer.concat([PIXEL, Buffer.from(name + uid)])), 'image/png'))],
  answer: () => ({ filename: 'acte tamponné.pdf', content: makePdf(['Acte tamponné']) }),
};

const pesItem: PerItem = {
  fields: ({ uid }) => ({ file: `${nameOf(uid)}.xml` }),
  files: ({ uid }) => [ofKind(sampleAnnex(`${nameOf(uid)}.xml`, sampleFlow(nameOf(uid))), 'application/xml')],
  answer: ({ uid }) => ({ filename: 'acquit.xml', content: sampleAcquit(nameOf(uid)) }),
};

/** Which file is which is left to the connector: the items of a rehearsal have files of many names. Nobody signs files that are no real PDFs. */
const signing = { title: 'Réfection de la rue « Haute »', subtype: 'Courriers', deadline: '2027-04-30', mainDocument: null, annexes: null, expects: 'visa' } as const;
const processing = { ...signing, mailTo: ['greffe@ville.example'] } as const;

/** Fields that differ from item to item need a value all the same, for what asks which there are. */
const flow = { file: 'flow.xml' } as const;

/** Of an act where the step maps no more than what it must. */
const DEFAULTS = { nature: '1', classification: '7.1' } as const;

const LEFT = 'what was started is in the signature book or with the State, and is not called back from there';
const oneKind = { files: 'only files of the trade travel here; the same code carries any file where documents are signed', 'no-file': 'it is made of its files', cancel: LEFT } as const;
const skips = { 'no-file': 'there is nothing to sign without a document', 'empty-file': 'a file without a byte stands for none over there', cancel: LEFT } as const;

/** What a document of Pastell tells of the fields; what stays with Relais is taken for sent. */
const read: Readonly<Record<string, (document: SimulatedDocument) => Values>> = {
  'transmit-act': ({ values, files }) => ({
    number: text(values['numero_de_lacte']), nature: text(values['acte_nature']), classification: text(values['classification']?.split(' ', 1)[0]), decisionDate: text(values['date_de_lacte']),
    subject: text(values['objet']), mainDocument: unmarked(files['arrete']?.[0]?.filename ?? ''), typology: text(values['type_acte']),
    annexes: (files['autre_document_attache'] ?? []).map(({ filename }) => filename), annexTypologies: [...codesIn(values['type_pj'] ?? '')],
    paperFollows: values['document_papier'] === '1', publishedOn: act.publishedOn,
  }),
  'transmit-pes': ({ files }) => ({ file: text(files['fichier_pes']?.[0]?.filename) }),
  'process-pdf': (document) => ({ ...signed(document), mailTo: processing.mailTo }),
  sign: signed,
};

function signed({ values }: SimulatedDocument): Values {
  return { title: readTitle(text(values['libelle'])).plain, subtype: text(values['iparapheur_sous_type']), deadline: text(values['date_limite']), mainDocument: null, annexes: null, expects: signing.expects };
}

export const rehearsals: readonly Rehearsal[] = [
  rehearsal('transmit-act', { variant: 'version 4.1, step by step', version: '4.1.0', settings: DEFAULTS }, { fields: act, perItem: actItem, skips: oneKind, awaitsPerson: true }),
  rehearsal('transmit-act', { variant: 'version 2.0, signed first, step by step', version: '2.0.16', settings: { ...DEFAULTS, acts: { sign: true, subtype: 'Conseil' } } }, { fields: act, perItem: actItem, skips: oneKind }),
  rehearsal('transmit-act', { variant: 'version 3.1, signed first, chained', version: '3.1', settings: { ...DEFAULTS, acts: { type: 'actes-automatique', sign: true, subtype: 'Conseil', deposit: true } } }, { fields: act, perItem: actItem, skips: oneKind }),
  rehearsal('transmit-pes', { variant: 'version 4.1, step by step', version: '4.1.0' }, { fields: flow, perItem: pesItem, skips: oneKind }),
  rehearsal('transmit-pes', { variant: 'version 2.0, chained', version: '2.0.16', settings: { flows: { type: 'helios-automatique' } } }, { fields: flow, perItem: pesItem, skips: oneKind }),
  rehearsal('transmit-pes', { variant: 'version 3.1, signed first, step by step', version: '3.1', settings: { flows: { sign: true, subtype: 'Bordereaux' } } }, { fields: flow, perItem: pesItem, skips: oneKind }),
  rehearsal('process-pdf', { variant: 'version 4.1', version: '4.1.0', settings: { pdf: { subtype: 'College', deposit: true } } }, { fields: processing, skips }),
  rehearsal('process-pdf', { variant: 'version 2.0', version: '2.0.16', settings: { pdf: { subtype: 'College' } } }, { fields: processing, skips }),
  rehearsal('sign', { variant: 'version 4.1, step by step', version: '4.1.0', settings: { signing: { subtype: 'College' } } }, { fields: signing, skips }),
  rehearsal('sign', { variant: 'version 3.1, chained', version: '3.1', settings: { signing: { subtype: 'College', advance: 'first', deposit: true } } }, { fields: signing, skips }),
];

function rehearsal(operation: string, { variant, version, settings }: Kind, more: Pick<Rehearsal, 'fields' | 'perItem' | 'skips' | 'awaitsPerson'>): Rehearsal {
  return {
    operation, variant, ...more,
    settingsAt: (port) => ({ ...settingsFor(`http://127.0.0.1:${port}`), ...settings }),
    async open(options) {
      const other = await openPastellSimulator({ ...options, version });
      return {
        ...other, settings: { ...other.settings, ...settings }, brokenSettings: { ...other.brokenSettings, ...settings },
        delivered: async () => (await other.delivered()).map((arrival, index) => arrivalOf(operation, arrival, other.started()[index])),
        answer: (named, answer) => other.answer(documentOf(named, other)?.id ?? named, answer),
        async awaitPerson(named) {
          const document = documentOf(named, other);
          if (document === undefined) throw new Error(`there is no document of ${named}`);
          await other.world.ledger.inTurn(() => { enter(document, 'document-transmis-tdt', 'Un certificat est attendu', other.world); });
        },
      };
    },
  };
}

function documentOf(uid: string, other: PastellSimulator): SimulatedDocument | undefined {
  return other.documents().find((one) => uidOf(one) === uid);
}

/** With the uid of its item, as far as that can be told here: it is not in Pastell. */
function arrivalOf(operation: string, { itemUid, files }: Arrival, document: SimulatedDocument | undefined): Arrival {
  return { itemUid: (document === undefined ? undefined : uidOf(document)) ?? itemUid, files, ...(document !== undefined && { fields: read[operation]?.(document) ?? {} }) };
}

/** More than one rehearsal hands over. */
const MOST_ITEMS = 100;

/** The items of a rehearsal are numbered, and so are the keys of their deliveries, of which the mark of a document is made. */
function uidOf({ values, files }: SimulatedDocument): string | undefined {
  const mark = readTitle(values['objet'] ?? values['libelle'] ?? '').mark ?? markOfFilename(files['arrete']?.[0]?.filename ?? '');
  const number = Array.from({ length: MOST_ITEMS }, (_, index) => index + 1).find((one) => documentMark(`key-${one}`) === mark);
  return number?.toString(16).padStart('d'.repeat(32).length, '0');
}

function ofKind(sample: SampleAnnex, mediaType: string): SampleAnnex {
  return { ...sample, annex: { ...sample.annex, mediaType } };
}

function numberOf(uid: string): string {
  return String(Number.parseInt(uid.slice(-8), 16));
}

function nameOf(uid: string): string {
  return `PESALR2_21340123400019_270226_${numberOf(uid)}`;
}

function text(value: string | undefined): string {
  return value ?? '';
}
