import { z } from 'zod';
import { Refused } from '../../src/connector-api/failures.js';
import { isTimeZone, wallClock } from '../../src/domain/wall-clock.js';

/** An e-mail address as the gateway knows an account by it. */
export const EMAIL = /^[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>.]+$/;

function email(): z.ZodString {
  return z.string().regex(EMAIL, 'an e-mail address such as jeanne.dupont@ville.example');
}

/** Days, both included: `2027-03-01`. */
const day = z.iso.date('a day such as 2027-07-31');
const period = { from: day.optional().describe('First day.'), until: day.optional().describe('Last day.') };

const absence = z.strictObject({ ...period, replacement: email().describe('Who signs meanwhile; one of people.') })
  .refine(({ from = '', until = '9999' }) => from <= until, { error: 'a last day that is not before the first', path: ['until'] });

const person = z.strictObject({
  email: email().describe('Account at the gateway.'),
  name: z.string().min(1).describe('As messages call this person.'),
  absences: z.array(absence).default([]).describe('When somebody else signs, and who.'),
});

const turn = z.strictObject({ email: email().describe('One of people.'), ...period })
  .refine(({ from = '', until = '9999' }) => from <= until, { error: 'a last day that is not before the first', path: ['until'] });

const rule = z.strictObject({
  rule: z.string().min(1).describe('Name that steps map to «signerRule».'),
  signers: z.array(turn).min(1).describe('Who signs, each between two days where they are given.'),
});

/** Who signs what, and when: checked as a whole, so that no day finds a mistake in it. */
export const signerTable = z.strictObject({
  timeZone: z.string().default('Europe/Brussels').refine(isTimeZone, 'the name of a time zone, such as Europe/Brussels').describe('Whose days count.'),
  people: z.array(person).default([]).describe('Everybody who may sign by a rule or in place of somebody.'),
  rules: z.array(rule).default([]).describe('Rules by their name.'),
  rule: z.string().min(1).optional().describe('Rule where a step maps neither «signers» nor «signerRule».'),
}).superRefine((table, context) => {
  for (const { path, message } of mistakesOf(table)) context.addIssue({ code: 'custom', path, message });
});

export type SignerTable = z.infer<typeof signerTable>;
type Person = SignerTable['people'][number];

/** E-mail addresses of who signs by a rule on the day of `now` (epoch milliseconds), replacements in their place, each once and in
 * the order of the rule. Throws Refused, naming rule and day, where nobody does. */
export function signersByRule(name: string, table: SignerTable, now: number): readonly string[] {
  const day = dayOf(table, now);
  const found = table.rules.find((one) => one.rule === name);
  if (found === undefined) {
    throw new Refused(`Field «signerRule»: found «${name}», expected one of ${table.rules.map((one) => one.rule).join(', ') || 'the rules of the settings, which have none'}.`);
  }
  const wanted = found.signers.filter((one) => includes(one, day)).map((one) => one.email);
  if (wanted.length === 0) throw new Refused(`By the rule «${name}» nobody signs on ${day}. Add a signer for that day to the rule, then retry.`);
  return replaced(wanted, table, day);
}

/** Those addresses with who replaces them on the day of `now`, each once. */
export function signersNamed(wanted: readonly string[], table: SignerTable, now: number): readonly string[] {
  const wrong = wanted.find((text) => !EMAIL.test(text));
  if (wrong !== undefined) throw new Refused(`Field «signers»: found «${wrong.slice(0, 100)}», expected an e-mail address.`);
  return replaced(wanted, table, dayOf(table, now));
}

function replaced(wanted: readonly string[], { people }: SignerTable, day: string): readonly string[] {
  return [...new Set(wanted.map((address) => standIn(sameAddress(address), people, day) ?? sameAddress(address)))];
}

/** Who signs in the place of somebody on a day, along the chain; undefined where the chain has no end. */
function standIn(address: string, people: readonly Person[], day: string): string | undefined {
  const seen = new Set<string>();
  for (let current = address; !seen.has(current);) {
    seen.add(current);
    const away = people.find((one) => sameAddress(one.email) === current)?.absences.find((one) => includes(one, day));
    if (away === undefined) return current;
    current = sameAddress(away.replacement);
  }
  return undefined;
}

interface Mistake {
  readonly path: (string | number)[];
  readonly message: string;
}

function mistakesOf(table: SignerTable): readonly Mistake[] {
  return [...twice(table), ...strangers(table), ...circles(table)];
}

function twice({ people, rules }: SignerTable): Mistake[] {
  const repeated = (names: readonly string[], path: string, member: string): Mistake[] => names.flatMap((name, index) =>
    names.indexOf(name) === index ? [] : [{ path: [path, index, member], message: `one row for «${name}»; it has one already` }]);
  return [...repeated(people.map((one) => sameAddress(one.email)), 'people', 'email'), ...repeated(rules.map((one) => one.rule), 'rules', 'rule')];
}

function strangers({ people, rules, rule: byDefault }: SignerTable): Mistake[] {
  const known = new Set(people.map((one) => sameAddress(one.email)));
  const stranger = (address: string, path: (string | number)[]): Mistake[] => (known.has(sameAddress(address)) ? [] : [{ path, message: 'the e-mail address of one of people' }]);
  const noRule = byDefault === undefined || rules.some((one) => one.rule === byDefault) ? [] : [{ path: ['rule'], message: 'the name of one of rules' }];
  return [
    ...noRule,
    ...people.flatMap(({ absences }, index) => absences.flatMap(({ replacement }, at) => stranger(replacement, ['people', index, 'absences', at, 'replacement']))),
    ...rules.flatMap(({ signers }, index) => signers.flatMap((one, at) => stranger(one.email, ['rules', index, 'signers', at, 'email']))),
  ];
}

/** People who replace each other in a circle. Who is away changes on the first day of an absence and on the one after its last, so
 * that all days are looked at by these. */
function circles({ people }: SignerTable): Mistake[] {
  const changes = new Set(people.flatMap(({ absences }) => absences.flatMap(({ from = '', until }) => (until === undefined ? [from] : [from, dayAfter(until)]))));
  return people.flatMap(({ email: address, name }, index) => {
    const day = [...changes].find((one) => standIn(sameAddress(address), people, one) === undefined);
    return day === undefined ? [] : [{ path: ['people', index, 'absences'], message: `replacements that end with somebody who is there; those of ${name} go in a circle${day === '' ? '' : ` on ${day}`}` }];
  });
}

function dayAfter(day: string): string {
  return new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, day.length);
}

function includes({ from = '', until = '9999' }: { readonly from?: string | undefined; readonly until?: string | undefined }, day: string): boolean {
  return from <= day && day <= until;
}

/** Accounts are told apart without regard to capitals. */
function sameAddress(address: string): string {
  return address.toLowerCase();
}

function dayOf({ timeZone }: SignerTable, now: number): string {
  return new Date(wallClock(timeZone, now)).toISOString().slice(0, '2027-03-01'.length);
}
