import { z } from 'zod';
import { httpAddress, httpSettings } from '../../src/connector-api/http-settings.js';
import { secret } from '../../src/connector-api/secret.js';

/** Types that the list of attachments leaves out, so that one of ours would not be found again (README «Facts»). */
const UNLISTED = ['signed_response', 'summary_sheet'];

const typeId = z.string().min(1).refine((type) => !UNLISTED.includes(type), `another type than ${UNLISTED.join(' and ')}, which Maarch does not list`);
const statusId = z.string().regex(/^\w{1,10}$/, 'the identifier of a status, such as COU');

export const maarchSettings = z.strictObject({
  url: httpAddress('an address such as https://courrier.ville.example, without /rest').transform((text) => text.replace(/(?:\/rest)?\/*$/, ''))
    .describe('Address of Maarch Courrier, as people open it in a browser.'),
  login: z.string().regex(/^[^:\p{Cc}]+$/u, 'a login without colon').describe('Login of the web service account of Relais.'),
  password: secret().describe('Password of that account.'),
  model: z.int().positive().optional().describe('Identifier of the indexing model of new letters. It decides on their category.'),
  models: z.record(z.string().min(1), z.int().positive()).default({}).describe('Indexing model by category, such as {incoming: 1, outgoing: 2}, for the field `category`.'),
  doctype: z.int().positive().optional().describe('Identifier of the document type of new letters, where no field gives one.'),
  status: statusId.default('COU').describe('Status of new letters, where no field gives one.'),
  attachmentType: typeId.default('simple_attachment').describe('Type of attachments for which nothing else is said.'),
  attachmentTypes: z.record(z.string().min(1), typeId).default({}).describe('Type of attachments by the role of the file (`signed-document`), or by its annex type.'),
  customFields: z.record(z.string().min(1), z.int().positive()).default({}).describe('Numbers of custom fields by the name that flows use: {amount: 12} for custom.amount.'),
  externalId: z.string().regex(/^[a-z]\w{0,30}$/i, 'a letter, then letters, digits and _').default('relais')
    .describe('Member of the external identifiers of a letter in which Relais writes how it recognises it.'),
  namedBy: z.string().regex(/^(?:resId|chrono|externalId:[A-Za-z]\w{0,30})$/, 'resId, chrono, or externalId:<name>').default('resId')
    .describe('What names a letter that exists already, in the field `resource` or in the external identifier of the item.'),
  doneStatuses: z.array(statusId).default([]).describe('Statuses at which a new letter is dealt with. None: it is not followed, and the step is done when the letter is there.'),
  refusedStatuses: z.array(statusId).default([]).describe('Statuses that mean no.'),
  bringBack: z.array(z.string().min(1)).default([]).describe('Types of the attachments that come back with the answer, signed where they are.'),
  ...httpSettings,
}).refine(({ doneStatuses, refusedStatuses }) => doneStatuses.length > 0 || refusedStatuses.length === 0, { error: 'doneStatuses, too: without them nothing is followed', path: ['refusedStatuses'] })
  .refine(({ doneStatuses, refusedStatuses }) => !refusedStatuses.some((status) => doneStatuses.includes(status)), { error: 'other statuses than doneStatuses', path: ['refusedStatuses'] });

export type MaarchSettings = z.infer<typeof maarchSettings>;
