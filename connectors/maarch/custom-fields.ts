import type { Submission } from '../../src/connector-api/connector.js';
import { Refused } from '../../src/connector-api/failures.js';
import { customFieldList } from './answers.js';
import type { MaarchClient } from './client.js';
import type { MaarchSettings } from './config.js';
import { CUSTOM_PREFIX } from './fields.js';

/** Types that hold more than a text can say. */
const STRUCTURED = ['banAutocomplete', 'contact'];

/** `{customFields: {12: …}}` of the fields whose name begins with the prefix, each as its type wants it; `{}` where there is none. The
 * types are asked for. Throws Refused for a field that Maarch does not have, or a value that it cannot hold. */
export async function customFieldsOf(fields: Submission['fields'], { customFields: numbers }: MaarchSettings, client: MaarchClient): Promise<{ readonly customFields?: Readonly<Record<string, unknown>> }> {
  const asked = Object.entries(fields).flatMap(([name, value]) => (name.startsWith(CUSTOM_PREFIX) && value !== null && value !== '' ? [{ name, text: String(value), id: numberOf(name, numbers) }] : []));
  if (asked.length === 0) return {};
  const { customFields } = await client.ask({ method: 'GET', path: '/customFields' }, customFieldList);
  const types = new Map(customFields.map(({ id, type }) => [id, type]));
  return { customFields: Object.fromEntries(asked.map(({ name, text, id }) => [String(id), valueOf(name, text, types.get(id))])) };
}

function numberOf(name: string, numbers: MaarchSettings['customFields']): number {
  const own = name.slice(CUSTOM_PREFIX.length);
  if (/^\d+$/.test(own)) return Number(own);
  const found = Object.hasOwn(numbers, own) ? numbers[own] : undefined;
  if (found === undefined) throw new Refused(`Field «${name}»: it is not known which custom field this is. Add it with its number to the setting customFields.`);
  return found;
}

function valueOf(name: string, text: string, type: string | undefined): unknown {
  if (type === undefined) throw new Refused(`Field «${name}»: Maarch has no such custom field.`);
  if (STRUCTURED.includes(type)) throw new Refused(`Field «${name}»: a custom field of the type ${type} cannot be filled with a text.`);
  // Several choices come one a line.
  if (type === 'checkbox') return text.split('\n').map((line) => line.trim()).filter((line) => line !== '');
  if (type !== 'integer') return text;
  if (!Number.isFinite(Number(text))) throw new Refused(`Field «${name}»: found «${text}», expected a number.`);
  return Number(text);
}
