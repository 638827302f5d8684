import { z } from 'zod';
import type { ReceivedAny } from '../../src/soap-client/values.js';

/** What operations answer (contracts/ws4pm.md §2). What older servers do not have is missing. */

const text = z.string().nullish().transform((value) => value ?? '');

function list<Element extends z.ZodType>(element: Element) {
  return z.array(element).nullish().transform((value) => value ?? []);
}

const basic = z.object({ UID: text, id: z.string(), title: text, description: text });
export type BasicInfo = z.infer<typeof basic>;

const config = z.object({ ...basic.shape, categories: list(basic) });
export type ConfigInfo = z.infer<typeof config>;

const anything: z.ZodType<ReceivedAny> = z.object({ name: z.string(), type: z.string().nullable(), isNil: z.boolean(), text: z.string(), get children() { return z.array(anything); } });

const annex = z.object({ id: text, title: text, annexTypeId: text, filename: text });
export type AnnexInfo = z.infer<typeof annex>;

const template = z.object({ title: text, templateFormat: text, templateId: z.string(), templateFilename: text });
export type TemplateInfo = z.infer<typeof template>;

const item = z.object({
  UID: z.string().min(1), id: text, title: text, creator: text, creation_date: text, modification_date: text, category: text, description: text, detailedDescription: text,
  decision: text, preferredMeeting: text, review_state: z.string(), meeting: text, meeting_date: text, item_assembly: z.string().nullish(), absolute_url: text,
  externalIdentifier: text, extraInfos: anything.nullish(), annexes: list(annex), templates: list(template),
});
export type ItemInfo = z.infer<typeof item>;

export const connectionAnswer = z.object({ connectionState: z.boolean(), version: text });
export const linkedAnswer = z.object({ isLinked: z.boolean() });
export const configsAnswer = z.object({ configInfo: list(config), groupInfo: list(basic) });
export const userAnswer = z.object({ fullname: text, email: text, groups: list(basic) });
export const itemsAnswer = z.object({ itemInfo: list(item) });
const kept = z.object({ sha256: z.string(), size: z.number() });
const keptAnnex = z.object({ ...annex.shape, file: kept.nullish().transform((value) => value ?? null) });
export type KeptAnnex = z.infer<typeof keptAnnex>;
export const annexesAnswer = z.object({ itemInfo: list(z.object({ annexes: list(keptAnnex) })) });
export const documentAnswer = z.object({ file: kept });
export const meetingsAnswer = z.object({ meetingInfo: list(z.object({ UID: z.string(), date: text })) });
export const creationAnswer = z.object({ UID: z.string().min(1), warnings: list(z.string()) });
export const anyAnswer = z.unknown();
