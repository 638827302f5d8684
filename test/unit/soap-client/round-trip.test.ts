import { expect } from 'chai';
import fc from 'fast-check';
import { Readable } from 'node:stream';
import { readMessage } from '../../../src/soap-client/read-message.js';
import { requestBody } from '../../../src/soap-client/request-body.js';
import { encodeMessage } from '../../../src/soap-client/request-encoder.js';
import type { OutgoingValue } from '../../../src/soap-client/values.js';
import { described, file, parapheur } from './soap-partner.js';

/** What XML 1.0 can hold, line ends and the like among it. */
const text = fc.string({ unit: 'binary', maxLength: 60 }).map((value) => value.replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, 'é<&>"\r\n]]>'));
const bytes = fc.uint8Array({ maxLength: 300 }).map((value) => Buffer.from(value));
const document = fc.record({ bytes, contentType: fc.constantFrom('application/pdf', 'text/plain; charset="x"', 'a/b&c') });
const annex = fc.record({ nom: text, fichier: document, mimetype: text, encoding: text });
const folder = fc.record({
  TypeTechnique: text, SousType: text, DossierID: text, DocumentPrincipal: document, VisuelPDF: fc.option(document), XPathPourSignatureXML: fc.option(text),
  MetaDataTdtACTES: fc.constant(null), AnnotationPublique: fc.option(text), AnnotationPrivee: fc.option(text), Visibilite: text, DateLimite: fc.option(text),
  DocumentsAnnexes: fc.record({ DocAnnexe: fc.array(annex, { maxLength: 3 }) }), MetaData: fc.record({ MetaDonnee: fc.array(fc.record({ nom: text, valeur: text }), { maxLength: 3 }) }),
});

type Tree = string | null | readonly Tree[] | { readonly [name: string]: Tree } | { readonly bytes: Buffer; readonly contentType: string };

const isDocument = (tree: object): tree is { readonly bytes: Buffer; readonly contentType: string } => 'bytes' in tree;

function mapped(tree: Tree, ofFile: (found: { readonly bytes: Buffer; readonly contentType: string }) => unknown): unknown {
  if (tree === null || typeof tree === 'string') return tree;
  if (Array.isArray(tree)) return tree.map((one: Tree) => mapped(one, ofFile));
  if (isDocument(tree)) return ofFile(tree);
  return Object.fromEntries(Object.entries(tree).map(([name, one]) => [name, mapped(one, ofFile)]));
}

describe('a SOAP message', () => {
  const { request } = parapheur.operations.get('CreerDossier')!;

  async function back(value: Tree, port: 'plain' | 'mtom', cut: number): Promise<unknown> {
    const { headers, body } = requestBody(encodeMessage(request, mapped(value, (found) => file(found.bytes, found.contentType)) as OutgoingValue), port);
    const chunks: Buffer[] = [];
    for await (const chunk of body instanceof Readable ? body : [body]) chunks.push(chunk as Buffer);
    const all = Buffer.concat(chunks);
    expect(headers['content-length']).to.equal(String(all.length));
    const pieces = Array.from({ length: Math.ceil(all.length / cut) }, (_, index) => all.subarray(index * cut, (index + 1) * cut));
    const message = await readMessage({ contentType: headers['content-type'], body: Readable.from(pieces) }, new Map([[request.name, request]]), async (content) => {
      const kept: Uint8Array[] = [];
      for await (const chunk of content) kept.push(chunk);
      return described(Buffer.concat(kept));
    });
    return 'value' in message ? message.value : message;
  }

  for (const port of ['plain', 'mtom'] as const) {
    it(`is read as it was written, however it is cut (${port})`, async () => {
      await fc.assert(fc.asyncProperty(folder, fc.integer({ min: 1, max: 400 }), async (value, cut) => {
        const expected = mapped(value, ({ bytes: content, contentType }) => ({ contentType, ...described(content) }));
        expect(await back(value, port, cut)).to.deep.equal(expected);
      }), { numRuns: 150 });
    });
  }
});
