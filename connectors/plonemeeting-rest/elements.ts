import { z } from 'zod';

/** Shapes of what PloneMeeting answers (contracts/plonemeeting-rest.md §4): a field that the account may not read is absent, so that
 * little is required. */

const text = z.string().catch('');
const nullish = <Inner extends z.ZodType>(inner: Inner) => inner.nullish().catch(null);

/** A choice: `{token, title}`, or the bare token where it was not asked for with its title. */
export const choice = z.union([z.object({ token: z.string(), title: text }), z.string().transform((token) => ({ token, title: token }))]);
export type Choice = z.infer<typeof choice>;

const choices = nullish(z.array(choice));

/** A text: `{content-type, data}`, or plain in summaries. */
const richText = z.union([z.object({ data: z.string() }).transform(({ data }) => data), z.string()]).catch('');

/** An included element; `{}` where there is none. */
export const named = z.object({ UID: z.string(), id: z.string(), title: text, description: richText });
const optionalNamed = z.object({ UID: z.string().optional(), id: z.string().optional(), title: text }).catch({ title: '' });

const annex = z.object({
  '@type': text, UID: text, id: text, title: text, content_category: nullish(choice), category_id: nullish(z.string()), confidential: nullish(z.boolean()),
  file: nullish(z.object({ filename: nullish(z.string()), 'content-type': nullish(z.string()), size: nullish(z.number()), download: nullish(z.string()) })),
});
export type AnnexElement = z.infer<typeof annex>;

const podTemplate = z.object({
  id: z.string(), title: text, odt_file: nullish(z.object({ filename: nullish(z.string()) })),
  outputs: z.array(z.object({ format: z.string(), url: z.string() })).catch([]),
});
export type PodTemplate = z.infer<typeof podTemplate>;

/** Somebody of the meeting that an item is in. */
const attendee = z.object({ title: text, attendee_type: choice.transform(({ token }) => token).catch('') });
export type AttendeeElement = z.infer<typeof attendee>;

/** An item with whatever of it was asked for. */
export const itemElement = z.looseObject({
  '@id': text, UID: z.string().min(1), id: text, title: text, created: text, modified: text,
  review_state: nullish(choice), creators: choices, category: nullish(choice), proposingGroup: nullish(choice), preferredMeeting: nullish(choice),
  description: richText.optional(), detailedDescription: richText.optional(), motivation: richText.optional(), decision: richText.optional(),
  externalIdentifier: z.union([z.string(), z.number().transform(String)]).nullish().catch(null),
  formatted_itemAssembly: nullish(z.string()),
  extra_include_category: optionalNamed.optional(), extra_include_proposing_group: optionalNamed.optional(), extra_include_config: optionalNamed.optional(),
  extra_include_meeting: z.object({
    UID: z.string().optional(), date: text, assembly_excused: richText.optional(), assembly_absents: richText.optional(), assembly_guests: richText.optional(),
  }).optional().catch(undefined),
  extra_include_attendees: z.array(attendee).optional().catch(undefined),
  extra_include_annexes: z.array(annex).optional().catch(undefined),
  extra_include_pod_templates: z.array(podTemplate).optional().catch(undefined),
});
export type ItemElement = z.infer<typeof itemElement>;

export const meetingElement = z.object({ UID: z.string().min(1), id: text, date: text, review_state: nullish(choice) });
export type MeetingElement = z.infer<typeof meetingElement>;
