import type { XmlTag } from '../../xml/xml-tag.js';
import type { PesFindings, PesSpot } from './pes-findings.js';
import { attributeOf } from './pes-handler.js';

/** Names compared with each other in one file, so that memory stays bounded: some 20 MB at the most. */
export const COMPARED = 100_000;

const LISTED = 1000;

/** What an xs:ID begins with and is made of (Namespaces in XML §3, NCName). */
const NAME = /^[\p{L}_][\p{L}\p{N}\p{M}_.\u00b7-]*$/u;

/** Watches that every Id is a name, and the only one of its kind (contracts/pes-actes-formats.md §A1, §A4). */
export function idWatch(spot: (attribute?: string) => PesSpot, findings: PesFindings) {
  const seen = new Set<string>();
  const twice = new Map<string, PesSpot>();

  function watch(tag: XmlTag): void {
    const id = attributeOf(tag.attributes, 'Id');
    if (id === undefined) return;
    if (!NAME.test(id)) {
      findings.warning('A1', spot('Id'), {
        en: `the Id «${id.slice(0, 60)}» is not valid: it must begin with a letter or «_», or what signs the file cannot refer to it`,
        fr: `l'Id «${id.slice(0, 60)}» n'est pas valable : il doit commencer par une lettre ou «_», sinon une signature ne peut pas le désigner`,
      });
    }
    if (seen.has(id) && twice.size < LISTED) twice.set(id, spot('Id'));
    else if (seen.size < COMPARED) seen.add(id);
  }

  /** Two elements with an Id that a signature refers to leave open what is signed. */
  function check(signed: ReadonlySet<string>): void {
    for (const [id, where] of twice) {
      const words = { en: `the Id «${id.slice(0, 60)}» stands twice in the file; each Id must be unique, or a signature may refer to the wrong element`, fr: `l'Id «${id.slice(0, 60)}» figure deux fois dans le fichier ; chaque Id doit être unique, sinon une signature peut désigner le mauvais élément` };
      if (signed.has(id)) findings.error('A4', where, words);
      else findings.warning('A4', where, words);
    }
  }
  return { watch, check };
}
