import { z } from 'zod';
import type { Submission } from '../../src/connector-api/connector.js';
import { Misconfigured, nothingSent, Refused } from '../../src/connector-api/failures.js';
import { createdResource, externalIds, foundList, resourceFacts, type ResourceFacts } from './answers.js';
import type { MaarchClient } from './client.js';
import type { MaarchSettings } from './config.js';
import { isGiven } from './resource-body.js';

/** `unseen`: this Maarch cannot be asked so that no would be a proof. */
export type Found = { readonly resId: number } | 'absent' | 'unseen';

const errorWords = z.object({ errors: z.string() });

/** The letter that has an external identifier. Maarch compares it as JSON, so that a text must come in quotes; whoever may see the letter,
 * this finds it. A server without that route is asked for what the account sees. */
export async function findByExternalId(client: MaarchClient, name: string, value: string): Promise<Found> {
  return lookUp(client, name, value).catch((error: unknown) => { throw nothingSent(error); });
}

async function lookUp(client: MaarchClient, name: string, value: string): Promise<Found> {
  const answer = await client.call({ method: 'PUT', path: '/resources/external', members: { type: name, value: JSON.stringify(value) } });
  if (answer.status === 200) return { resId: (await client.read(answer, createdResource)).resId };
  if (answer.status === 404 || answer.status === 405) {
    answer.body.destroy();
    return findInView(client, `external_id->>'${name}'`, value);
  }
  if (answer.status !== 400) throw await client.failure(answer);
  const { errors } = await client.read(answer, errorWords);
  if (/^document not found$/i.test(errors.trim())) return 'absent';
  throw new Misconfigured(`Maarch cannot look for the external identifier «${name}»: ${errors}.`);
}

/** How a letter stands. Throws Refused for one that is gone or out of reach. */
export async function resourceOf(client: MaarchClient, resId: number, light = true): Promise<ResourceFacts> {
  return client.ask({ method: 'GET', path: `/resources/${resId}${light ? '?light=true' : ''}` }, resourceFacts);
}

/** Its external identifiers; Maarch writes an empty object as a list. */
export async function externalIdsOf(client: MaarchClient, resId: number): Promise<Readonly<Record<string, unknown>>> {
  const { field } = await client.ask({ method: 'GET', path: `/resources/${resId}/fields/externalId` }, externalIds);
  return field === null || Array.isArray(field) ? {} : field;
}

/** Number of the letter that an update is about. Throws Refused where there is none. */
export async function namedResource({ item, fields }: Submission, { namedBy }: MaarchSettings, client: MaarchClient): Promise<number> {
  const { resource } = fields;
  const [name, from] = isGiven(resource) ? [String(resource).trim(), 'field «resource»'] : [item.externalIdentifier.trim(), 'external identifier of the item'];
  if (name === '') throw new Refused('It is not said which letter is to be updated: map the field resource, or give the item an external identifier.');
  if (namedBy === 'resId') {
    if (!/^[1-9]\d{0,9}$/.test(name)) throw new Refused(`The ${from} is «${name}», expected the number (resId) of a letter of Maarch.`);
    return Number(name);
  }
  const found = namedBy === 'chrono' ? await findInView(client, 'alt_identifier', name) : await findByExternalId(client, namedBy.slice('externalId:'.length), name);
  if (found === 'absent' || found === 'unseen') throw new Refused(`Maarch has no letter that is called «${name}» (${from}), or does not show it to the account of Relais.`);
  return found.resId;
}

/** What the account does not see is not there for this search, so that no is no proof. The clause is SQL over there: nothing goes into it
 * but what names are made of. */
async function findInView(client: MaarchClient, column: string, value: string): Promise<Found> {
  if (!/^[\p{L}\d/_.:\- ]{1,200}$/u.test(value)) throw new Refused(`«${value}» cannot be looked for in Maarch: letters, digits, spaces and / _ . : - are expected.`);
  const { resources: [first, second] } = await client.ask({
    method: 'POST', path: '/res/list', members: { select: 'res_id, status', clause: `${column} = '${value}'`, withFile: false, orderBy: ['res_id'], limit: 2 },
  }, foundList);
  if (second !== undefined) throw new Refused(`Maarch has several letters that are called «${value}».`);
  return first === undefined ? 'unseen' : { resId: first.res_id };
}
