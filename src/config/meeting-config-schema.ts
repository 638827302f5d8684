import { z } from 'zod';
import { OPTIONAL_ATTRIBUTES } from '../domain/meeting-config.js';
import { backendSchema } from './backend-schema.js';
import { idText, longText, nameText, uidText, userIdText } from './values.js';

/** States of a meeting; `closed` accepts no item from anybody (contracts/ws4pm.md §3.10). */
const MEETING_STATES = ['created', 'frozen', 'published', 'decided', 'decisions_published', 'closed'] as const;

const description = longText.default('');
const organisations = z.array(uidText).default([]);

const audience = z.array(z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/, 'managers, powerObservers, advisers, members or a sub-group'));

const workflowSchema = z.strictObject({
  initial: idText,
  states: z.array(z.strictObject({
    id: idText,
    title: nameText,
    /** Members of the proposing organisation only, where nothing is said. */
    visibleTo: audience.default(['members']),
  })).min(1),
  transitions: z.array(z.strictObject({
    id: idText,
    title: nameText,
    from: z.array(idText).min(1),
    to: idText,
    allowedTo: audience.default(['managers']),
    needsMeeting: z.boolean().default(false),
  })).default([]),
});

const categorySchema = z.strictObject({
  id: idText,
  uid: uidText.optional(),
  title: nameText,
  description,
  enabled: z.boolean().default(true),
  usingOrganisations: organisations,
});

const annexTypeSchema = z.strictObject({
  id: idText,
  title: nameText,
  relatedTo: z.enum(['item', 'decision']).default('item'),
});

const assemblySchema = z.strictObject({
  text: longText.default(''),
  excused: longText.default(''),
  absents: longText.default(''),
  guests: longText.default(''),
  attendees: z.array(z.strictObject({
    id: idText,
    label: nameText,
    presence: z.enum(['attendee', 'excused', 'absent']).default('attendee'),
  })).default([]),
}).prefault({});

/** A date, or a distance in days from the first start with it and a time of the day. */
const meetingSchema = z.strictObject({
  id: idText,
  uid: uidText.optional(),
  date: z.string().optional(),
  in: z.string().regex(/^\d{1,4} (?:days?|weeks?)$/, 'a distance such as 14 days or 2 weeks').optional(),
  at: z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'a time of the day such as "18:30"').optional(),
  state: z.enum(MEETING_STATES).default('created'),
  assembly: assemblySchema,
}).refine((meeting) => (meeting.date === undefined) === (meeting.in !== undefined), 'either date, or in and at')
  .refine((meeting) => (meeting.in === undefined) === (meeting.at === undefined), 'in and at together');

const templateSchema = z.strictObject({
  id: idText.refine((id) => !id.includes('__format__'), 'an id without __format__'),
  title: nameText,
  /** Relative to the YAML file; its ending gives the format. Callers put its name into addresses as it is
   * (contracts/wsclient.md §4). */
  source: z.string().regex(/\.(?:html|docx)$/, 'a file ending in .html (gives pdf) or .docx (gives docx)')
    .regex(/(?:^|\/)[A-Za-z0-9._-]+$/, 'a file name of letters, digits, ., - and _'),
  appliesTo: z.enum(['item', 'meeting']).default('item'),
  enabled: z.boolean().default(true),
  states: z.array(idText).default([]),
});

const adviserSchema = z.strictObject({
  organisation: uidText,
  /** Row of a delay-aware adviser: the token is then `<organisation uid>__rowid__<row>` (contracts/ws4pm.md §4.2). */
  row: idText.optional(),
  /** Users that may be asked by name. */
  users: z.array(userIdText).default([]),
});

/** One entry of `meetingConfigs:`. Organisations are named by id or uid. */
export const meetingConfigSchema = z.strictObject({
  id: idText,
  uid: uidText.optional(),
  /** `portal_type` of its items is `MeetingItem<shortName>`. */
  shortName: z.string().regex(/^[A-Za-z][A-Za-z0-9]{0,49}$/, 'letters and digits, such as College'),
  title: nameText,
  description,
  active: z.boolean().default(true),
  /** Where nothing is said: all of them, `category` only if categories are declared. */
  usedAttributes: z.array(z.enum(OPTIONAL_ATTRIBUTES)).optional(),
  usingOrganisations: organisations,
  managers: z.array(userIdText).default([]),
  powerObservers: z.array(userIdText).default([]),
  categories: z.array(categorySchema).default([]),
  annexTypes: z.array(annexTypeSchema).refine((types) => types.some((type) => type.relatedTo === 'item'), 'at least one with relatedTo: item')
    .default([{ id: 'annexe', title: 'Annexe', relatedTo: 'item' }]),
  workflow: workflowSchema.optional(),
  meetings: z.array(meetingSchema).default([]),
  templates: z.array(templateSchema).default([]),
  itemPositiveDecidedStates: z.array(idText).optional(),
  preferredMeetingStates: z.array(z.enum(MEETING_STATES)).default(['created', 'frozen']),
  toDiscussDefault: z.boolean().default(false),
  orderedAssociatedOrganisations: organisations,
  orderedOrganisationsInCharge: organisations,
  usesAdvices: z.boolean().default(false),
  selectableAdvisers: z.array(adviserSchema).default([]),
  hiddenDecisionText: longText.default(''),
  /** The system that decides on its items; where nothing is said, they are decided on here. */
  backend: backendSchema.optional(),
});

export type MeetingConfigEntry = z.output<typeof meetingConfigSchema>;
