import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { Refused } from '../../../src/connector-api/failures.js';
import type { Annex } from '../../../src/domain/item.js';
import { checkActFiles } from '../../../src/tele-transmission/act-files.js';
import { chooseAndReadPes } from '../../../src/tele-transmission/pes.js';
import { pesFile } from '../../support/pes-file.js';
import { recordingLogger } from '../../support/recording-logger.js';
import { sampleAnnex, sampleItem } from '../../support/sample-item.js';

const logger = recordingLogger();
const contents = new Map<string, Buffer>();
const context = {
  logger, signal: new AbortController().signal,
  blobs: { read: (sha256: string) => Readable.from([contents.get(sha256) ?? Buffer.alloc(0)]), keep: () => Promise.reject(new Error('nothing is kept')) },
};

function file(name: string, content: Buffer | string, change: Partial<Annex> = {}): Annex {
  const bytes = Buffer.from(content as string);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  contents.set(sha256, bytes);
  return sampleAnnex(name, { mediaType: name.endsWith('.xml') ? 'application/xml' : 'application/pdf', size: bytes.length, sha256, ...change });
}

const settings: Parameters<typeof chooseAndReadPes>[1] = { signatureRequired: false, language: 'fr' };
const flow = file('flux.xml', pesFile({ nomFic: 'FLUX_1', ids: true }));
const choose = async (annexes: readonly Annex[], fields = {}, change: Partial<typeof settings> = {}): ReturnType<typeof chooseAndReadPes> =>
  chooseAndReadPes({ key: 'k', operation: 'transmit-pes', item: sampleItem({ annexes }), fields, results: {} }, { ...settings, ...change }, context);

async function refusal(choosing: Promise<unknown>): Promise<string> {
  const failure: unknown = await choosing.then(() => undefined, (error: unknown) => error);
  expect(failure).to.be.instanceOf(Refused);
  return (failure as Refused).message;
}

describe('files that go to the State', () => {
  it('the PES flow is the one that was signed, or the only XML; which of several is never guessed', async () => {
    const signed = file('signed.xml', pesFile({ nomFic: 'FLUX_2' }), { role: 'signed-document' });
    const other = file('other.xml', pesFile({ nomFic: 'FLUX_3' }));
    const acquit = file('acquit.xml', '<x/>', { role: 'acknowledgement' });
    expect((await choose([flow, signed, acquit])).annex).to.equal(signed);
    expect((await choose([flow, acquit, file('note.pdf', '%PDF')])).report).to.include({ nomFic: 'FLUX_1', root: 'PES_Aller' });
    expect((await choose([flow, other], { file: 'other.xml' })).annex).to.equal(other);
    expect(await refusal(choose([flow, other]))).to.match(/^Field «file»: several files .*«flux.xml», «other.xml»/);
    expect(await refusal(choose([file('note.pdf', '%PDF')]))).to.match(/^Field «file»: the item has no XML file, it has «note.pdf»/);
    expect(await refusal(choose([flow], { file: 'lost.xml' }))).to.match(/^Field «file»: found «lost.xml»/);
  });

  it('a PES in UTF-8 is refused before it is sent, with every refusal', async () => {
    const wrong = file('utf8.xml', pesFile({ nomFic: 'FLUX_4', encoding: 'UTF-8', codCol: '1234' }));
    const message = await refusal(choose([wrong]));
    expect(message).to.match(/^Le fichier PES «utf8.xml» n'a pas été envoyé/);
    expect(message.split('\n').length).to.be.at.least(3);
    expect(message).to.match(/ISO-8859-1/).and.match(/CodCol/);
  });

  it('where a signature is required, each slip has one', async () => {
    const unsigned = file('unsigned.xml', pesFile({ nomFic: 'FLUX_5', slips: 2 }));
    expect(await refusal(choose([unsigned], {}, { signatureRequired: true }))).to.match(/2 bordereaux sur 2 ne sont pas signés/);
    expect(await refusal(choose([unsigned], {}, { signatureRequired: true, language: 'en' }))).to.match(/2 of 2 slips are not signed/);
    expect((await choose([unsigned])).report.signature, 'where none is required').to.equal('none');
  });

  it('a flow whose bytes are gone or changed is refused', async () => {
    expect(await refusal(choose([{ ...flow, size: flow.size - 1 }]))).to.match(/not what was received/);
  });

  it('each document of an act is read to its end', async () => {
    const pdf = file('act.pdf', '%PDF-1.7 trailer %%EOF');
    const page = file('annex.pdf', '<!DOCTYPE html><html>login</html>');
    const act = { main: pdf, annexes: [], nature: '1', classification: '7.1' } as const;
    await checkActFiles(act, context);
    expect(await refusal(checkActFiles({ ...act, annexes: [page] }, context))).to.match(/^The document «annex.pdf» would be refused\. It is a web page/);
    expect(await refusal(checkActFiles({ ...act, main: file('act.xml', '<a/>') }, context))).to.match(/«act.xml» would be refused\. It is XML; the main document/);
    expect(await refusal(checkActFiles({ ...act, main: { ...pdf, sha256: 'f'.repeat(64) } }, context))).to.match(/not what was received|neither PDF|empty/);
  });

  it('a budget that was not sealed is sent, with a warning', async () => {
    const totem = file('budget.xml', '<DocumentBudgetaire xmlns="http://www.minefi.gouv.fr/cp/demat/docbudgetaire"><Budget/></DocumentBudgetaire>');
    await checkActFiles({ main: totem, annexes: [], nature: '5', classification: '7.1' }, context);
    expect(logger.lines.at(-1)).to.deep.include({ level: 'warn', fields: { file: 'budget.xml' } });
  });
});
