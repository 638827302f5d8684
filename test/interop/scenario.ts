import { expect } from 'chai';
import fs from 'node:fs';
import type { Report, Seen } from './run-client.js';

export interface Expected {
  readonly url: string;
  readonly account: string;
  readonly annex: Buffer;
}

type Check = (seen: Seen, report: Report, expected: Expected) => void;

const NO_DATE = '1950-01-01T00:00:00Z';
const NOTE = Buffer.from('%PDF-1.4 note été €');
const UID = /^[0-9a-f]{32}$/;

function texts(seen: Seen, name: string): readonly string[] {
  const value = seen[name];
  if (!Array.isArray(value)) throw new Error(`${name} is ${JSON.stringify(value)}, a list was expected`);
  return value as readonly string[];
}

/** Stacks differ on an empty element: '' or nothing. Both mean "no value". */
function text(seen: Seen, name: string): string {
  const value = seen[name] ?? '';
  if (typeof value !== 'string') throw new Error(`${name} is ${JSON.stringify(value)}, text was expected`);
  return value;
}

function created(report: Report, step: 'createItemMinimal' | 'createItemFull'): string {
  return text(report.seen(step), 'uid');
}

function foundOnce(seen: Seen, report: Report): void {
  expect(seen).to.deep.include({ uids: [created(report, 'createItemFull')] });
}

/** The fields of the item that `createItemFull` sends, as each client must read them back. */
function fullItem(seen: Seen, report: Report, { url }: Expected): void {
  const meetings = report.seen('meetingsAcceptingItems');
  const read = Object.fromEntries(Object.keys(seen).filter((name) => !Array.isArray(seen[name])).map((name) => [name, text(seen, name)]));
  expect(read).to.deep.include({
    uid: created(report, 'createItemFull'),
    title: `Dossier d'urbanisme n° 12 — façade été, œuvre à 5 € (${report.client})`,
    creator: 'jdupont',
    category: 'affaires-generales',
    categoryTitle: 'Affaires générales',
    description: '<p>Réfection de la façade — « œuvre » d’été à 5 €</p>',
    detailedDescription: '<p>Détail : çà et là, naïveté.</p>',
    motivation: "<p>Vu l'arrêté n° 7, là-bas.</p>",
    decision: "<p>DÉCIDE d'accorder le permis à Mme Lefèvre-Œillet.</p>",
    observations: "<p>À revoir l'été prochain.</p>",
    preferredMeeting: texts(meetings, 'uids')[0],
    preferredMeetingDate: texts(meetings, 'dates')[0],
    meetingDate: NO_DATE,
    reviewState: 'validated',
    externalIdentifier: report.externalIdentifier,
    configId: 'meeting-config-council',
    creatorFullname: 'Jeanne Dupont',
  });
  expect(text(seen, 'absoluteUrl').startsWith(url), `absolute_url ${text(seen, 'absoluteUrl')} is under ${url}`).to.equal(true);
}

function annexesListed(seen: Seen): void {
  expect(texts(seen, 'annexTitles')).to.deep.equal(['Plan de façade — été', 'Note']);
  expect(texts(seen, 'annexFilenames')).to.deep.equal(['plan façade n° 12.pdf', 'note.pdf']);
  // Clients ask for annexes by the type that they were told.
  for (const type of texts(seen, 'annexTypes')) expect(type).to.match(/^meeting-config-council-annexes_types_-_item_annexes_-_[\w.-]+$/);
}

function annexesIdentical(seen: Seen, { annex }: Expected): void {
  const [first = '', second = '', ...others] = texts(seen, 'annexFiles');
  expect(others).to.deep.equal([]);
  expect(fs.readFileSync(first).equals(annex), 'the first annex came back byte for byte').to.equal(true);
  expect(fs.readFileSync(second).equals(NOTE), 'the second annex came back byte for byte').to.equal(true);
}

function templatesOffered(seen: Seen): void {
  expect(texts(seen, 'templateFormats')).to.include.members(['pdf', 'docx']);
  const wrong = texts(seen, 'templateIds').filter((id, index) => !id.endsWith(`__format__${texts(seen, 'templateFormats')[index] ?? ''}`));
  expect(wrong).to.deep.equal([]);
}

/** The code as the stack itself shows it: text with its prefix, or the qualified name that it resolved. */
function clientFault(seen: Seen, mention: string): void {
  expect(text(seen, 'code')).to.match(/^(SOAP-ENV:|\{http:\/\/schemas\.xmlsoap\.org\/soap\/envelope\/\})Client$/);
  expect(text(seen, 'text')).to.include(mention);
}

function fileStartsWith(seen: Seen, start: string): void {
  const bytes = fs.readFileSync(text(seen, 'file'));
  expect(bytes.subarray(0, start.length).toString('latin1')).to.equal(start);
  expect(bytes.length).to.be.greaterThan(500);
}

function connected(seen: Seen): void {
  expect(seen['connectionState']).to.equal(true);
  expect(text(seen, 'version')).to.match(/^\d+\.\d+/);
}

/** Every step of the scenario against the demo configuration, in the order in which the programs take them, with what
 * must be seen. */
export const STEPS: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['testConnection', connected],
  ['testConnectionAfterChallenge', connected],
  ['getConfigInfos', (seen) => {
    expect(seen).to.deep.equal({
      configs: ['meeting-config-college', 'meeting-config-council'], titles: ['Collège communal', 'Conseil communal'],
      groups: ['secretariat', 'urbanisme', 'finances', 'direction-generale'], categories: [],
    });
  }],
  ['getConfigInfosWithCategories', (seen) => {
    // Those that jdupont may choose: the ones reserved to other services are not told.
    expect(seen).to.deep.equal({ categories: ['affaires-generales', 'travaux'], categoryTitles: ['Affaires générales', 'Travaux et voirie'] });
  }],
  ['getUserInfos', (seen) => {
    expect(seen).to.deep.include({ fullname: 'Jeanne Dupont', email: 'jeanne.dupont@ville.example', groups: ['urbanisme'] });
    expect(texts(seen, 'groupUids')[0]).to.match(UID);
  }],
  ['meetingsAcceptingItems', (seen) => {
    const dates = texts(seen, 'dates');
    expect(dates).to.have.lengthOf(2);
    expect(dates).to.deep.equal(dates.toSorted());
    expect(Date.parse(dates[0] ?? '')).to.be.greaterThan(Date.now());
    expect(texts(seen, 'uids')).to.have.lengthOf(dates.length);
  }],
  ['createItemMinimal', (seen) => {
    expect(text(seen, 'uid')).to.match(UID);
    expect(texts(seen, 'warnings')).to.deep.equal([]);
  }],
  ['createItemFull', (seen) => {
    expect(text(seen, 'uid')).to.match(UID);
    expect(texts(seen, 'warnings')).to.have.lengthOf(1);
    expect(texts(seen, 'warnings')[0]).to.include('n_existe_pas');
  }],
  ['checkIsLinked', (seen) => { expect(seen).to.deep.equal({ isLinked: true }); }],
  ['checkIsLinkedUnknown', (seen) => { expect(seen).to.deep.equal({ isLinked: false }); }],
  ['searchByExternalIdentifier', foundOnce],
  ['searchByAccentedWords', foundOnce],
  ['searchByPlainWords', foundOnce],
  ['searchWithoutHit', (seen) => { expect(seen).to.deep.equal({ uids: [], titles: [] }); }],
  ['getItemInfosMinimal', (seen, report, { account }) => {
    expect(seen).to.deep.include({ uid: created(report, 'createItemMinimal'), creator: account, reviewState: 'itemcreated', preferredMeetingDate: NO_DATE, meetingDate: NO_DATE });
    expect(text(seen, 'title')).to.equal(`Point minimal — été n° 1 (${report.client})`);
    expect(text(seen, 'preferredMeeting')).to.equal('');
    expect(text(seen, 'externalIdentifier')).to.equal('');
    // Without a category, the proposing organisation stands in (contracts/ws4pm.md §2.3).
    expect(text(seen, 'category')).to.equal('urbanisme');
    expect(texts(seen, 'annexTitles')).to.deep.equal([]);
    templatesOffered(seen);
  }],
  ['getItemInfos', (seen, report, expected) => {
    fullItem(seen, report, expected);
    annexesListed(seen);
    annexesIdentical(seen, expected);
    templatesOffered(seen);
  }],
  ['getItemInfosWithoutBinary', (seen, report, expected) => {
    fullItem(seen, report, expected);
    annexesListed(seen);
    expect(texts(seen, 'annexFiles')).to.deep.equal([]);
  }],
  ['getItemInfosOfUnknown', (seen) => { expect(seen).to.deep.equal({ uids: [] }); }],
  ['getSingleItemInfos', (seen, report, expected) => {
    fullItem(seen, report, expected);
    annexesListed(seen);
    annexesIdentical(seen, expected);
    templatesOffered(seen);
  }],
  ['getItemTemplatePdf', (seen) => { fileStartsWith(seen, '%PDF-'); }],
  ['getItemTemplateDocx', (seen) => { fileStartsWith(seen, 'PK\u0003\u0004'); }],
  ['faultUnknownConfig', (seen) => { clientFault(seen, 'collège-inconnu'); }],
  ['faultEmptyTitle', (seen) => { clientFault(seen, 'title'); }],
  ['wrongPassword', (seen) => { expect(text(seen, 'error')).to.match(/\b401\b|Unauthorized/); }],
]);
