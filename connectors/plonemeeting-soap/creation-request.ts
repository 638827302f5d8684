import { annexContent } from '../../src/connector-api/annex-content.js';
import type { ConnectorContext, Submission } from '../../src/connector-api/connector.js';
import { CREATION_DATA_FIELDS, ITEM_FIELDS } from '../../src/domain/item-fields.js';
import type { Annex } from '../../src/domain/item.js';
import { usualExtension } from '../../src/domain/media-types.js';
import type { OptionalAttribute } from '../../src/domain/meeting-config.js';
import { askedTransitions, givenAnnexes, isNoText, mappedList, mappedText } from '../../src/plonemeeting/asked.js';
import { annexTypeThere } from '../../src/plonemeeting/settings.js';
import type { OutgoingFile, OutgoingStruct } from '../../src/soap-client/values.js';
import { actingUser, type CouncilSoapSettings } from './config.js';
import { OWN_FIELDS } from './fields.js';
import { identifierOf } from './identifier.js';

/** Characters of the name of a file before its ending. */
const STEM_LENGTH = 150;

/** What `createItem` is asked (contracts/ws4pm.md §2.2). `unused`: optional attributes that the config does not use, left out. */
export function creationRequest(submission: Submission, group: string, unused: ReadonlySet<string>, settings: CouncilSoapSettings, context: Pick<ConnectorContext, 'blobs' | 'signal'>): OutgoingStruct {
  const { item } = submission;
  const optional = Object.entries(optionalValues(submission)).filter(([name]) => !unused.has(name));
  return {
    meetingConfigId: item.configId, proposingGroupId: group,
    creationData: {
      title: mappedText(submission, 'title') ?? item.title, ...Object.fromEntries(optional), decision: textOf(submission, 'decision'),
      preferredMeeting: word(mappedText(submission, 'preferredMeeting') ?? item.preferredMeeting), optionalAdvisers: mappedList(submission, 'optionalAdvisers') ?? item.optionalAdvisers,
      externalIdentifier: identifierOf(item),
      extraAttrs: Object.entries(extraTexts(submission)).map(([key, value]) => ({ key, value })),
      annexes: givenAnnexes(submission).map((annex) => annexOf(annex, settings, context)),
    },
    cleanHtml: true, wfTransitions: askedTransitions(submission), inTheNameOf: actingUser(settings, item.creator),
  };
}

/** By what the WSDL calls them; undefined: no value. */
function optionalValues(submission: Submission): Readonly<Record<OptionalAttribute, string | boolean | readonly string[] | undefined>> {
  const { item } = submission;
  return {
    category: word(mappedText(submission, 'category') ?? item.category),
    description: textOf(submission, 'description'), detailedDescription: textOf(submission, 'detailedDescription'), motivation: textOf(submission, 'motivation'),
    associatedGroups: mappedList(submission, 'associatedGroups') ?? item.associatedOrganisations,
    groupsInCharge: mappedList(submission, 'groupsInCharge') ?? item.organisationsInCharge, toDiscuss: item.toDiscuss,
  };
}

function word(value: string | null): string | undefined {
  return value === null || value.trim() === '' ? undefined : value;
}

function textOf(submission: Submission, name: 'description' | 'detailedDescription' | 'motivation' | 'decision'): string | undefined {
  const html = mappedText(submission, name) ?? submission.item[name];
  return isNoText(html) ? undefined : html;
}

/** Rich texts of the item, and what the step maps beside them. */
function extraTexts({ item, fields }: Submission): Readonly<Record<string, string>> {
  const own = Object.entries(item.extra).filter(([name, value]) => ITEM_FIELDS.get(name)?.kind === 'rich' && typeof value === 'string' && !isNoText(value));
  const mapped = Object.entries(fields).filter(([name, value]) => !OWN_FIELDS.has(name) && value !== null && value !== '');
  return Object.fromEntries([...own, ...mapped].filter(([name]) => !CREATION_DATA_FIELDS.has(name)).map(([name, value]) => [name, String(value)]));
}

function annexOf(annex: Annex, settings: CouncilSoapSettings, context: Pick<ConnectorContext, 'blobs' | 'signal'>): OutgoingStruct {
  const file: OutgoingFile = { contentType: annex.mediaType, size: annex.size, open: () => annexContent(annex, context) };
  return { title: oneLine(annex.title), annexTypeId: annexTypeThere(annex.typeId, settings), filename: nameOf(annex), file };
}

/** With one dot alone: the server takes other names for none, and names the file itself or leaves it out (contracts/ws4pm.md §4.4). */
function nameOf({ filename, mediaType }: Annex): string {
  const [, stem = filename, extension = usualExtension(mediaType) ?? 'bin'] = /^(.+)\.([A-Za-z0-9]{1,10})$/s.exec(filename) ?? [];
  const plain = oneLine(stem).replace(/[/\\.]+/g, '-').replace(/^-+/, '').slice(0, STEM_LENGTH);
  return `${plain === '' ? 'annexe' : plain}.${extension}`;
}

function oneLine(words: string): string {
  return words.replace(/\p{C}+/gu, ' ').trim();
}
