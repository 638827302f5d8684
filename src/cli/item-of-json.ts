import { z } from 'zod';
import { explainIssue, valueAt } from '../config/explain-issue.js';
import type { Authority } from '../domain/authority.js';
import type { Item } from '../domain/item.js';
import { RelaisError } from '../errors.js';

const text = z.string().default('');
const texts = z.array(z.string()).default([]);
const moment = z.union([z.number(), z.iso.datetime({ offset: true }).transform((iso) => Date.parse(iso))], 'a moment such as 2027-03-01T10:00:00Z').optional();

const annexSchema = z.strictObject({
  uid: text, id: text, title: text, typeId: text, relatedTo: z.enum(['item', 'decision']).default('item'), filename: text,
  mediaType: z.string().default('application/octet-stream'), size: z.int().min(0).default(0), sha256: text, confidential: z.boolean().default(false),
});

/** An item with the names that expressions use, as far as they are told; whatever is left out is empty. */
const itemSchema = z.strictObject({
  meetingConfig: z.string(), source: text, title: text, kind: z.string().default('deliberation'), uid: text, authority: text, id: text, creator: text,
  createdAt: moment, modifiedAt: moment, reviewState: z.string().optional(), proposingOrganisation: text,
  category: z.string().nullable().default(null), description: text, detailedDescription: text, motivation: text, decision: text,
  preferredMeeting: z.string().nullable().default(null), meeting: z.string().nullable().default(null), externalIdentifier: text,
  toDiscuss: z.boolean().default(false), associatedOrganisations: texts, organisationsInCharge: texts, optionalAdvisers: texts,
  extra: z.record(z.string(), z.union([z.string(), z.boolean(), z.number(), z.array(z.string())])).default({}),
  annexes: z.array(annexSchema).default([]),
});

/** Reads an item that somebody wrote down, or that `relais items show --json` printed. Organisations may be named by their
 * ids. Throws RELAIS_COMMAND_USAGE with every mistake. */
export function itemOfJson(file: string, content: string, authority: Authority, now: number): Item {
  const written = itemIn(parsed(file, content));
  const read = itemSchema.safeParse(written);
  if (!read.success) {
    const mistakes = read.error.issues.flatMap((issue) => explainIssue(issue, itemSchema, written));
    throw new RelaisError('RELAIS_COMMAND_USAGE', mistakes.map(({ path, message }) => `${file}: ${path.join('.')}: ${message}`).join('\n'));
  }
  const { meetingConfig, ...item } = read.data;
  const uidOf = (name: string): string => authority.organisations.find(({ id }) => id === name)?.uid ?? name;
  const config = authority.meetingConfigs.find(({ id }) => id === meetingConfig);
  return {
    ...item, authority: authority.id, configId: meetingConfig, createdAt: item.createdAt ?? now, modifiedAt: item.modifiedAt ?? item.createdAt ?? now,
    reviewState: item.reviewState ?? config?.workflow.initial ?? '',
    proposingOrganisation: uidOf(item.proposingOrganisation), associatedOrganisations: item.associatedOrganisations.map(uidOf),
    organisationsInCharge: item.organisationsInCharge.map(uidOf),
  };
}

function parsed(file: string, content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new RelaisError('RELAIS_COMMAND_USAGE', `${file}: found text that is not JSON, expected an item`, { cause: error });
  }
}

/** The item of a story, or the object itself. Printed items name their meeting config `configId`. */
function itemIn(value: unknown): unknown {
  const found = valueAt(value, ['item']) ?? value;
  if (typeof found !== 'object' || found === null || !('configId' in found)) return found;
  const { configId, ...rest } = found;
  return { meetingConfig: configId, ...rest };
}
