import { answerBytes } from '../../src/connector-api/answer-bytes.js';
import { OutcomeUnknown } from '../../src/connector-api/failures.js';
import { decodeText, plainWords } from './answer-text.js';
import type { Api } from './api.js';

/** A file that is there carries this in its name, so that the list can be asked for it. The list takes 25 characters. */
const MARK = 20;
const MOST_ROWS = 100;
const LARGEST_PAGE = 8 * 2 ** 20;

/** contracts/s2low.md §2; the platform's own limit for names is far higher. */
const LONGEST_STEM = 60;

/** The name under which a flow is uploaded: of its own name, and of its bytes. */
export function uploadName(filename: string, sha1: string): string {
  const stem = filename.replace(/\.xml$/i, '').replace(/[^A-Za-z0-9._ -]/g, '_').slice(0, LONGEST_STEM);
  return `${stem}-${sha1.slice(0, MARK)}.xml`;
}

/** The flow that was uploaded under a name with this mark. The module has no list for programs; this reads the one for people, which the account may
 * ask by a part of the file name (published source of the platform: modules/helios/index.php). `absent` only where the page is that list and
 * shows that it was asked for this mark; `unknown` where it is anything else. */
export async function findByName(api: Api, sha1: string): Promise<{ readonly transaction: string } | 'absent' | 'unknown'> {
  const rows = await rowsOf(api, 'num', sha1.slice(0, MARK));
  if (rows === null) return 'unknown';
  // Two of the same bytes can only have been posted at the same moment; the later one is refused for its NomFic (contracts/s2low.md §5.2).
  const [first] = rows.toSorted((one, other) => Number(one) - Number(other));
  return first === undefined ? 'absent' : { transaction: first };
}

/** The flow with these bytes, whoever posted it under whatever name: the page of a flow holds the SHA-1 of what was posted
 * (helios_transac_show.php). Null where none can be seen. */
export async function findByContent(api: Api, sha1: string, nomFic: string): Promise<string | null> {
  for (const transaction of await rowsOf(api, 'nomFic', nomFic) ?? []) {
    const shown = await showPage(api, transaction);
    if (shown?.toLowerCase().includes(sha1) === true) return transaction;
  }
  return null;
}

/** The page of a flow; null where it is not shown to this account. */
export function showPage(api: Api, transaction: string): Promise<string | null> {
  return page(api, '/modules/helios/helios_transac_show.php', { id: transaction });
}

/** Numbers of the flows that a filter lets through; null where the page that came is not that list, or not filtered so. */
async function rowsOf(api: Api, filter: 'num' | 'nomFic', value: string): Promise<readonly string[] | null> {
  const list = await page(api, '/modules/helios/index.php', { status: 'all', [filter]: value, count: MOST_ROWS });
  if (list === null) return null;
  const input = [...list.matchAll(/<input\b[^<>]*>/gi)].map(([tag]) => tag).find((tag) => attribute(tag, 'name') === filter);
  if (input === undefined || attribute(input, 'value') !== value) return null;
  return [...new Set([...list.matchAll(/helios_transac_show\.php\?id=(\d{1,18})\b/g)].map(([, id = '']) => id))];
}

function attribute(tag: string, name: string): string {
  const [, double, single] = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'i').exec(tag) ?? [];
  return plainWords(double ?? single ?? '');
}

/** A page for people; null where another one came. */
async function page(api: Api, path: string, query: Readonly<Record<string, string | number>>): Promise<string | null> {
  const answer = await api.open(path, query);
  if (answer.status !== 200) {
    answer.body.destroy();
    if (answer.status >= 500) throw new OutcomeUnknown(`${api.who} answered ${answer.status} in place of the list of flows.`);
    return null;
  }
  return decodeText(await answerBytes(answer, LARGEST_PAGE, api.who));
}
