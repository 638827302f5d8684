import { FormatError } from '../format-error.js';
import { walkXml } from '../walk-xml.js';

const NAMESPACE = 'http://www.minefi.gouv.fr/cp/demat/docbudgetaire';

/** The second since platforms of 2021 (contracts/pes-actes-formats.md §B5). */
const ROOTS = ['DocumentBudgetaire', 'CompteFinancierUnique'];

/** Reads a budget document of TotEM as it streams in. Throws FormatError for another file; warns of one that the tool did not seal. */
export async function checkBudgetDocument(content: AsyncIterable<Uint8Array>): Promise<readonly string[]> {
  const blocks = new Set<string>();
  await walkXml(content, {
    open(name, _value, depth, tag) {
      if (depth === 1) requireRoot(name, tag.namespace);
      if (depth === 2) blocks.add(name);
    },
    close: () => undefined,
  }, 'The budget document');
  return blocks.has('Scellement') ? [] : ['The budget document is not sealed (no Scellement): finish it in TotEM, for the prefecture may refuse it.'];
}

function requireRoot(name: string, namespace: string): void {
  if (!ROOTS.includes(name)) throw new FormatError(`It is XML with the root ${name}; a budget document of TotEM (${ROOTS.join(' or ')}) was expected.`);
  if (name === 'DocumentBudgetaire' && namespace !== NAMESPACE) throw new FormatError(`It is a DocumentBudgetaire of the namespace «${namespace}»; ${NAMESPACE} was expected.`);
}
