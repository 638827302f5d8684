import { documentSink } from '../../xml/document-sink.js';
import type { XmlTag } from '../../xml/xml-tag.js';
import { XmlTokenizer } from '../../xml/xml-tokenizer.js';
import { attachmentReader } from './pes-attachments.js';
import { checkAccents } from './pes-encoding.js';
import { createFindings, type PesSpot } from './pes-findings.js';
import { attributeOf, createPesHandler } from './pes-handler.js';
import { headerReader } from './pes-header.js';
import { idWatch } from './pes-ids.js';
import { outline, type PesNode } from './pes-outline.js';
import { isSendable, refuseRoot } from './pes-root.js';
import { signatureReader } from './pes-signatures.js';
import { slipReader } from './pes-slips.js';

/** Memory does not depend on how many elements there are, only on how deep they stand in each other. */
const LIMITS = { depth: 200, elements: Number.MAX_SAFE_INTEGER, attributes: Number.MAX_SAFE_INTEGER };

/** Domains of a flow; the schema has five. */
const DOMAINS = 50;

export type PesReading = ReturnType<typeof createPesReading>;

/** The readers of all parts of a PES file, and the way its bytes take to them. `isLatin`: the file declares ISO-8859-1. */
export function createPesReading(isLatin: () => boolean) {
  const findings = createFindings();
  const spot = (attribute?: string): PesSpot => handler.spot(attribute);
  const header = headerReader(spot);
  const slips = slipReader(spot, findings);
  const attachments = attachmentReader(spot, findings);
  const ids = idWatch(spot, findings);
  const signatures = signatureReader(() => ({ slip: openSlip(), rootId: root === undefined ? null : attributeOf(root.attributes, 'Id') ?? null }), spot, findings);
  const domains: string[] = [];
  let root: XmlTag | undefined;
  let isQualified = false;

  function openSlip() {
    const slip = slips.current();
    return slip === undefined ? undefined : { id: slip.id, sign: () => { slip.isSigned = true; } };
  }

  function openRoot(tag: XmlTag): void {
    root = tag;
    if (!isSendable(tag)) refuseRoot(tag, spot(), findings);
  }

  function openDomain(tag: XmlTag): void {
    if (tag.namespace !== '' && tag.local !== 'Signature' && !isQualified && root !== undefined && isSendable(root)) {
      isQualified = true;
      findings.error('A1', spot(), { en: `<${tag.name}> stands in the namespace «${tag.namespace.slice(0, 100)}»; elements below the root must have none, or the platform does not find them`, fr: `<${tag.name}> est dans l'espace de noms «${tag.namespace.slice(0, 100)}» ; les éléments sous la racine ne doivent pas en avoir, sinon la plateforme ne les trouve pas` });
    }
    if (tag.local === 'PJ') findings.warning('A3', spot(), { en: 'the attachment stands under the root; expected inside PES_PJ', fr: 'la PJ est sous la racine ; attendu : dans PES_PJ' });
    if (!['Enveloppe', 'EnTetePES', 'Signature'].includes(tag.local) && !domains.includes(tag.local) && domains.length < DOMAINS) domains.push(tag.local);
  }

  function watchAttributes(tag: XmlTag): void {
    ids.watch(tag);
    if (tag.isAscii || !isLatin()) return;
    for (const { local, value } of tag.attributes) checkAccents(value, () => spot(local), findings);
  }

  const top: PesNode = { ...outline({ ...header.actions, ...slips.actions, ...attachments.actions }), open: openRoot };
  const anywhere = new Map([['Signature', signatures.node], ['PJRef', attachments.referenceNode]]);
  const handler = createPesHandler(top, anywhere, { attributes: watchAttributes, domain: openDomain }, () => tokenizer.line);
  const tokenizer = new XmlTokenizer(handler, LIMITS, 'the file');
  return { findings, header, slips, attachments, ids, signatures, domains, spot, sink: documentSink(tokenizer, undefined), root: () => root };
}
