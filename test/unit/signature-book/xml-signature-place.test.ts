import { expect } from 'chai';
import fc from 'fast-check';
import { Readable } from 'node:stream';
import { Refused } from '../../../src/connector-api/failures.js';
import { xmlSignaturePlace } from '../../../src/signature-book/xml-signature-place.js';

const HEAD = '<?xml version="1.0" encoding="ISO-8859-1"?>\n<!-- a > <Bordereau> in a comment -->\n';

describe('where an XML file is signed', () => {
  function pes(body: string, root = ''): string {
    return `${HEAD}<n:PES_Aller xmlns:n="http://example/pes"${root}><Enveloppe><![CDATA[<Bordereau>]]></Enveloppe>${body}</n:PES_Aller>`;
  }

  /** In pieces of `size` bytes. */
  function place(text: string, size = 7): Promise<unknown> {
    const bytes = Buffer.from(text, 'latin1');
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
    return xmlSignaturePlace(Readable.from(pieces), 'pes.xml').catch((error: unknown) => (error instanceof Refused ? `refused: ${error.message}` : error));
  }

  for (const [what, text, expected] of [
    ['every slip of expenses has an Id', pes('<PES_DepenseAller><Bordereau Id="B1"/><Bordereau a=">" Id=\'B2\'></Bordereau></PES_DepenseAller>', ' Id="P"'), '//Bordereau'],
    ['every slip of receipts has an Id', pes('<n:PES_RecetteAller><n:Bordereau Id="é"><x/></n:Bordereau></n:PES_RecetteAller>'), '//Bordereau'],
    ['a slip has none, and the root has one', pes('<PES_DepenseAller><Bordereau Id="B1"/><Bordereau/></PES_DepenseAller>', ' Id="P"'), '.'],
    ['there is no slip, and the root has an Id', pes('', ' Id="P"'), '.'],
    ['an Id that is empty is none', pes('<PES_DepenseAller><Bordereau Id=""/></PES_DepenseAller>', ' Id="P"'), '.'],
    ['what ends in Id is no Id', pes('<PES_DepenseAller><Bordereau SId="a"/></PES_DepenseAller>', ' Id="P"'), '.'],
    ['a file that is no PES and has no Id', '<acte><titre/></acte>', null],
    ['a file that is no PES and has an Id', '<acte Id="a"/>', '.'],
  ] as const) {
    it(`${what}: ${expected ?? 'not said'}`, async () => {
      expect(await place(text)).to.equal(expected);
    });
  }

  it('a PES without any Id is refused, and says how many slips lack theirs', async () => {
    expect(await place(pes('<PES_DepenseAller><Bordereau Id="B1"/><Bordereau/></PES_DepenseAller>'))).to.include('refused: «pes.xml» cannot be signed: its root has no «Id», and 1 of its 2 slips (Bordereau) have none');
  });

  it('the expression finds the slips of both kinds, so all of them need an Id', async () => {
    expect(await place(pes('<PES_DepenseAller><Bordereau Id="B1"/></PES_DepenseAller><PES_RecetteAller><Bordereau/></PES_RecetteAller>', ' Id="P"'))).to.equal('.');
  });

  for (const [what, text] of [
    ['a file that is cut', '<a><b></b>'], ['a tag that is cut', '<a><b'], ['a comment without end', '<a><!-- '], ['no XML', 'plain text'], ['nothing', ''],
    ['another encoding', '<\0a\0/\0>\0'], ['a tag without end', `<a ${'x'.repeat(100_000)}`], ['an absurd depth', '<a>'.repeat(1_000)], ['tags that cross', '<a><b></a></b>'],
  ] as const) {
    it(`${what} is refused`, async () => {
      expect(await place(text, 4096)).to.include('is not an XML file that can be read to its end');
    });
  }

  it('does not depend on how the file comes in pieces', async () => {
    const text = pes('<PES_DepenseAller><!-- --><Bordereau Id="B1"><?p > ?><![CDATA[ ]] > ]]></Bordereau></PES_DepenseAller>');
    await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 400 }), async (size) => {
      expect(await place(text, size)).to.equal('//Bordereau');
    }));
  });
});
