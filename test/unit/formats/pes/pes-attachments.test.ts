import { expect } from 'chai';
import { gzipSync } from 'node:zlib';
import { changed, expectSaid, flow, lineOf, refused, report, said } from './pes-text.js';

const place = '/PES_Aller/PES_PJ/PJ[1]';

/** A flow with one attachment, whose text is this. */
function withContent(text: string): string {
  return changed(flow({ attachments: 1, attachmentBytes: 10 }), /(<Fichier [^>]*>)[^<]*/, `$1${text}`);
}

function inGzip(content: Buffer): string {
  return gzipSync(content).toString('base64');
}

describe('A3: attachments', () => {
  it('are gzip, then base64, in lines or not', async () => {
    const text = inGzip(Buffer.from('%PDF-1.7 '.repeat(1000)));
    await expectSaid(withContent(text), []);
    await expectSaid(withContent(`\n  ${text.replace(/.{76}/g, '$&\r\n')}\n`), []);
  });

  it('that are not gzip are refused: the file itself in base64, or something that only begins so', async () => {
    const plain = withContent(Buffer.from('%PDF-1.7 something').toString('base64'));
    await expectSaid(plain, [`error ${place}/Contenu/Fichier (line ${lineOf(plain, '<Fichier')}): the attachment is not a gzip file; expected the file in gzip, then in base64 [A3]`]);
    const whole = gzipSync(Buffer.from('content of some length, content of some length'));
    await expectSaid(withContent(Buffer.concat([whole.subarray(0, 10), Buffer.alloc(60, 0xff)]).toString('base64')), [/^error .*not a gzip file/]);
    await expectSaid(withContent(whole.subarray(0, -5).toString('base64')), [/^error .*not a gzip file/]);
    whole.writeUInt32LE(1, whole.length - 8);
    await expectSaid(withContent(whole.toString('base64')), [/^error .*not a gzip file/]);
  });

  it('that are not base64 are refused, however far in', async () => {
    await expectSaid(withContent(`${'QUJD'.repeat(40_000)}?!`), [/^error .*the attachment is not in base64/]);
    await expectSaid(withContent(inGzip(Buffer.from('cut')).slice(0, -3)), [/^error .*the attachment is not in base64/]);
  });

  it('that grow without end are not decompressed', async () => {
    const bomb = inGzip(Buffer.alloc(200_000_000));
    const before = process.memoryUsage().rss;
    await expectSaid(withContent(bomb), []);
    expect(process.memoryUsage().rss - before).to.be.lessThan(100_000_000);
  });

  it('that are empty are worth a warning: simulators make them', async () => {
    const empty = withContent('   \n');
    await expectSaid(empty, [`warning ${place}/Contenu/Fichier (line ${lineOf(empty, '<Fichier')}): the attachment is empty [A3]`]);
  });

  it('with the IdUnique of another one are refused', async () => {
    const text = changed(flow({ attachments: 2, attachmentBytes: 10 }), /PJ2"/g, 'PJ1"');
    await expectSaid(text, [/^error \/PES_Aller\/PES_PJ\/PJ\[2\]\/IdUnique\/@V .*stands twice in the file; the treasury refuses/]);
  });

  it('that are referred to and are not in the file must come by another flow', async () => {
    const text = changed(flow({ attachments: 2, attachmentBytes: 10 }), /( {2}<PJ>[^]*?)<IdUnique V="([^"]*)PJ1"/, '$1<IdUnique V="$2PJ3"');
    await expectSaid(text, [/^warning \/PES_Aller\/PES_DepenseAller\/Bordereau\[1\]\/Piece\[1\]\/BlocPiece\/InfoPce\/PJRef \(line \d+\): the attachment «\w+PJ1» is referred to and is not in this file/]);
    // on paper, none is expected
    await expectSaid(changed(text, '<Support V="01"', '<Support V="02"'), []);
  });

  it('have names, and stand in PES_PJ', async () => {
    const text = flow({ attachments: 1, attachmentBytes: 10 });
    await expectSaid(changed(text, '<NomPJ V="facture1.pdf"', '<NomPJ V="facture"'), [/^warning .*NomPJ\/@V .*with an extension of 2 to 4/]);
    await expectSaid(changed(text, /<Description[^>]*>/, ''), [/^warning .*Description\/@V .*has no description/]);
    const outside = changed(changed(changed(text, /<EnTetePES_PJ>[^]*?<\/EnTetePES_PJ>/, ''), '<PES_PJ>', ''), '</PES_PJ>', '');
    const read = await report(outside);
    expect(said(read)).to.deep.equal([`warning /PES_Aller/PJ[1] (line ${lineOf(outside, '<PJ>')}): the attachment stands under the root; expected inside PES_PJ [A3]`]);
    expect(read.attachmentCount).to.equal(1);
  });

  it('alone make a flow', async () => {
    const read = await report(changed(flow({ attachments: 1, attachmentBytes: 10 }), / <PES_DepenseAller>[^]*<\/PES_DepenseAller>\n/, ''));
    expect(refused(read)).to.deep.equal([]);
    expect(read.domains).to.deep.equal(['PES_PJ']);
  });
});
