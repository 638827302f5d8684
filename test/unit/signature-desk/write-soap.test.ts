import { expect } from 'chai';
import fc from 'fast-check';
import { Readable } from 'node:stream';
import type { DeskFile } from '../../../src/signature-desk/desk-folder.js';
import { writeSoap, type SoapNode } from '../../../src/signature-desk/write-soap.js';

const NAMESPACE = 'urn:desk';

async function written(node: SoapNode, mtom: boolean, chunks: readonly Buffer[] = []): Promise<{ readonly text: string; readonly announced: number; readonly type: string }> {
  const { headers, body } = writeSoap(node, { namespace: NAMESPACE, prefix: 'S', mtom, read: () => Readable.from(chunks) });
  const pieces: Buffer[] = [];
  for await (const piece of body.open() as AsyncIterable<Buffer>) pieces.push(piece);
  return { text: Buffer.concat(pieces).toString('latin1'), announced: body.size - Buffer.concat(pieces).length, type: headers['content-type'] ?? '' };
}

function fileOf(chunks: readonly Buffer[]): DeskFile {
  return { filename: 'a.pdf', mediaType: 'application/pdf', sha256: '0'.repeat(64), size: Buffer.concat(chunks).length };
}

describe('SOAP replies of the simulated signature book', () => {
  const content = fc.array(fc.uint8Array({ maxLength: 7 }).map((bytes) => Buffer.from(bytes)), { maxLength: 6 });

  it('files within the message are the same however they come in pieces', async () => {
    await fc.assert(fc.asyncProperty(content, async (chunks) => {
      const { text, announced } = await written(['Answer', { file: fileOf(chunks) }], false, chunks);
      const found = /<ns2:Answer xm:contentType="application\/pdf">([^<]*)<\/ns2:Answer>/.exec(text)?.[1];
      expect([found, announced]).to.deep.equal([Buffer.concat(chunks).toString('base64'), 0]);
    }));
  });

  it('files beside the message are announced with their exact size', async () => {
    await fc.assert(fc.asyncProperty(content, async (chunks) => {
      const { text, announced, type } = await written(['Answer', { file: fileOf(chunks) }], true, chunks);
      const boundary = /boundary="([^"]+)"/.exec(type)?.[1] ?? '';
      const [, root = '', part = ''] = text.split(`--${boundary}`);
      expect(root).to.include('href="cid:file-1%40desk.example"');
      expect(part).to.equal(`\r\nContent-Id: <file-1@desk.example>\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: binary\r\n\r\n${Buffer.concat(chunks).toString('latin1')}\r\n`);
      expect(announced).to.equal(0);
    }));
  });

  it('text is escaped, nothing is nil', async () => {
    const { text } = await written(['Answer', [['a', 'x < y & "z"'], ['b', null], ['c', []]]], false);
    expect(text).to.include('<ns2:Answer><ns2:a>x &lt; y &amp; "z"</ns2:a><ns2:b xsi:nil="true"/><ns2:c></ns2:c></ns2:Answer>');
  });
});
