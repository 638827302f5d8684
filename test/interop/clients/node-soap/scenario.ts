/**
 * The ws4pm scenario with the npm package `soap` as a client: members go out in the order in which the program wrote
 * them, and flags that it leaves out are absent (no defaults). Steps and names are those of every client; see
 * ../../README.md.
 */
import fs from 'node:fs';
import path from 'node:path';
import { BasicAuthSecurity, createClientAsync, type Client } from 'soap';

const environment = (name: string): string => process.env[`RELAIS_${name}`] ?? '';
const COLLEGE = 'meeting-config-college';
const COUNCIL = 'meeting-config-council';
const EXTERNAL = `permis-été-${environment('RUN')}`;

// The package types every reply as `any`: what comes is judged by the assertions, not here.
type Reply = Record<string, any>;
type Seen = Record<string, any>;

async function connect(password: string): Promise<Client> {
  const client = await createClientAsync(environment('WSDL'), { disableCache: true });
  client.setSecurity(new BasicAuthSecurity(environment('ACCOUNT'), password));
  return client;
}

async function step(name: string, action: () => Promise<Seen>): Promise<Seen> {
  let line: { step: string; ok: boolean; seen?: Seen; error?: string };
  try {
    line = { step: name, ok: true, seen: await action() };
  } catch (error) {
    console.error(error instanceof Error ? error.stack : error);
    line = { step: name, ok: false, error: error instanceof Error ? error.message : 'unknown' };
  }
  console.log(JSON.stringify(line));
  return line.seen ?? {};
}

function iso(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}

function save(name: string, base64: string): string {
  const file = path.join(environment('OUT'), name);
  fs.writeFileSync(file, Buffer.from(base64, 'base64'));
  return file;
}

/** The named member of each of the objects; none when the reply has no such list. */
function pluck(infos: Reply[] | undefined, name: string): any[] {
  return (infos ?? []).map((info) => info[name]);
}

function item(info: Reply, prefix: string): Seen {
  const extra = info['extraInfos'];
  const annexes: Reply[] = info['annexes'] ?? [];
  return {
    uid: info['UID'], title: info['title'], creator: info['creator'], category: info['category'], description: info['description'],
    detailedDescription: info['detailedDescription'], decision: info['decision'], preferredMeeting: info['preferredMeeting'],
    preferredMeetingDate: iso(info['preferred_meeting_date']), meetingDate: iso(info['meeting_date']),
    reviewState: info['review_state'], absoluteUrl: info['absolute_url'], externalIdentifier: info['externalIdentifier'],
    configId: extra.meeting_config_id, categoryTitle: extra.category_title, creatorFullname: extra.creator_fullname,
    motivation: extra.motivation, observations: extra.observations,
    annexTitles: pluck(annexes, 'title'), annexFilenames: pluck(annexes, 'filename'), annexTypes: pluck(annexes, 'annexTypeId'),
    annexFiles: annexes.flatMap((annex, index) => annex['file'] === undefined ? [] : [save(`${prefix}-${index}.bin`, annex['file'])]),
    templateIds: pluck(info['templates'], 'templateId'), templateFormats: pluck(info['templates'], 'templateFormat'),
  };
}

async function fault(call: Promise<unknown>): Promise<Seen> {
  try {
    await call;
  } catch (error) {
    const { faultcode, faultstring } = (error as Reply)['root'].Envelope.Body.Fault;
    return { code: faultcode, text: faultstring };
  }
  throw new Error('no fault');
}

const client = await connect(environment('PASSWORD'));
const ask = async (operation: string, request: Reply): Promise<Reply> => (await client[`${operation}Async`](request))[0] ?? {};

await step('testConnection', async () => {
  const reply = await ask('testConnection', {});
  return { connectionState: reply['connectionState'], version: reply['version'] };
});

let groups: Record<string, string> = {};
await step('getConfigInfos', async () => {
  const reply = await ask('getConfigInfos', { showCategories: false });
  groups = Object.fromEntries((reply['groupInfo'] as Reply[]).map((group) => [group['id'], group['UID']]));
  return {
    configs: pluck(reply['configInfo'], 'id'), titles: pluck(reply['configInfo'], 'title'), groups: pluck(reply['groupInfo'], 'id'),
    categories: (reply['configInfo'] as Reply[]).flatMap((info) => pluck(info['categories'], 'id')),
  };
});

const { categories = [] } = await step('getConfigInfosWithCategories', async () => {
  const reply = await ask('getConfigInfos', { userToShowCategoriesFor: 'jdupont', showCategories: true });
  const council = (reply['configInfo'] as Reply[]).find((info) => info['id'] === COUNCIL) ?? {};
  return { categories: pluck(council['categories'], 'id'), categoryTitles: pluck(council['categories'], 'title') };
});

const user = await step('getUserInfos', async () => {
  const reply = await ask('getUserInfos', { userId: 'jdupont', showGroups: true, suffix: 'creators' });
  return { fullname: reply['fullname'], email: reply['email'], groups: pluck(reply['groups'], 'id'), groupUids: pluck(reply['groups'], 'UID') };
});

const meetings = await step('meetingsAcceptingItems', async () => {
  const reply = await ask('meetingsAcceptingItems', { inTheNameOf: 'jdupont', meetingConfigId: COUNCIL });
  return { uids: pluck(reply['meetingInfo'], 'UID'), dates: pluck(reply['meetingInfo'], 'date').map(iso) };
});

const minimal = await step('createItemMinimal', async () => {
  const reply = await ask('createItem', {
    creationData: { title: 'Point minimal — été n° 1 (nodesoap)' }, proposingGroupId: user['groupUids'][0], meetingConfigId: COLLEGE,
  });
  return { uid: reply['UID'], warnings: reply['warnings'] ?? [] };
});

const full = await step('createItemFull', async () => {
  const creationData = {
    annexes: [
      { file: fs.readFileSync(environment('ANNEX')).toString('base64'), filename: 'plan façade n° 12.pdf', title: 'Plan de façade — été' },
      { file: Buffer.from('%PDF-1.4 note été €').toString('base64'), filename: 'note.pdf', title: 'Note' },
    ],
    extraAttrs: [
      { key: 'observations', value: "<p>À revoir l'été prochain.</p>" },
      { key: 'internalNotes', value: '<p>Note interne : œil neuf.</p>' },
    ],
    externalIdentifier: EXTERNAL,
    toDiscuss: true,
    associatedGroups: [groups['finances'], groups['secretariat']],
    preferredMeeting: meetings['uids'][0],
    decision: "<p>DÉCIDE d'accorder le permis à Mme Lefèvre-Œillet.</p>",
    motivation: "<p>Vu l'arrêté n° 7, là-bas.</p>",
    detailedDescription: '<p>Détail : çà et là, naïveté.</p>',
    description: '<p>Réfection de la façade — « œuvre » d’été à 5 €</p>',
    category: categories[0],
    title: "Dossier d'urbanisme n° 12 — façade été, œuvre à 5 € (nodesoap)",
  };
  const reply = await ask('createItem', {
    inTheNameOf: 'jdupont', wfTransitions: ['propose', 'n_existe_pas', 'validate'], creationData,
    proposingGroupId: 'urbanisme', meetingConfigId: COUNCIL,
  });
  return { uid: reply['UID'], warnings: reply['warnings'] ?? [] };
});

const isLinked = async (request: Reply): Promise<Seen> => ({ isLinked: (await ask('checkIsLinked', request))['isLinked'] });
await step('checkIsLinked', () => isLinked({ externalIdentifier: EXTERNAL, meetingConfigId: COUNCIL }));
await step('checkIsLinkedUnknown', () => isLinked({ externalIdentifier: `${EXTERNAL}-inconnu` }));

const search = async (criteria: Reply): Promise<Seen> => {
  const reply = await ask('searchItems', { inTheNameOf: 'jdupont', ...criteria });
  return { uids: pluck(reply['itemInfo'], 'UID'), titles: pluck(reply['itemInfo'], 'title') };
};
await step('searchByExternalIdentifier', () => search({ externalIdentifier: EXTERNAL }));
await step('searchByAccentedWords', () => search({ Title: 'FAÇADE été nodesoap', externalIdentifier: EXTERNAL }));
await step('searchByPlainWords', () => search({ Title: 'facade ETE nodesoap', externalIdentifier: EXTERNAL }));
await step('searchWithoutHit', () => search({ Title: 'façade inexistante nodesoap' }));

const request = (uid: string, options: Reply = {}): Reply =>
  ({ showTemplates: true, showAnnexes: true, showExtraInfos: true, UID: uid, inTheNameOf: 'jdupont', ...options });
const itemInfos = async (uid: string, prefix: string, options?: Reply): Promise<Seen> =>
  item((await ask('getItemInfos', request(uid, options)))['itemInfo'][0], prefix);
await step('getItemInfosMinimal', () => itemInfos(minimal['uid'], 'minimal'));
const seen = await step('getItemInfos', () => itemInfos(full['uid'], 'annex'));
await step('getItemInfosWithoutBinary', () => itemInfos(full['uid'], 'listed', { allowed_annexes_types: [seen['annexTypes'][0]], include_annex_binary: false }));
await step('getItemInfosOfUnknown', async () => ({ uids: pluck((await ask('getItemInfos', request('0'.repeat(32))))['itemInfo'], 'UID') }));
await step('getSingleItemInfos', async () => item(await ask('getSingleItemInfos', request(full['uid'])), 'single'));

const template = async (wanted: string): Promise<Seen> => {
  const templateId = seen['templateIds'][seen['templateFormats'].indexOf(wanted)];
  const reply = await ask('getItemTemplate', { itemUID: full['uid'], templateId, inTheNameOf: 'jdupont' });
  return { file: save(`document.${wanted}`, reply['file']) };
};
await step('getItemTemplatePdf', () => template('pdf'));
await step('getItemTemplateDocx', () => template('docx'));

const create = (meetingConfigId: string, title: string): Promise<Reply> =>
  ask('createItem', { meetingConfigId, proposingGroupId: 'urbanisme', creationData: { title } });
await step('faultUnknownConfig', () => fault(create('collège-inconnu', 'Été')));
await step('faultEmptyTitle', () => fault(create(COLLEGE, '')));
await step('wrongPassword', async () => {
  const stranger = await connect('mauvais');
  return await (stranger['testConnectionAsync']({}) as Promise<unknown>).then(
    () => { throw new Error('accepted'); },
    (error: Reply) => ({ error: `HTTP ${error['response']?.status ?? error['message']}` }),
  );
});
