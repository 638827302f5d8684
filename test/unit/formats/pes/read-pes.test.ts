import { expect } from 'chai';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { describePesReport } from '../../../../src/formats/pes/describe-pes-report.js';
import { describeFinding } from '../../../../src/formats/pes/pes-refusals.js';
import { readPes } from '../../../../src/formats/pes/read-pes.js';
import { pesFile } from '../../../support/pes-file.js';
import { changed, expectSaid, flow, refused, report, said, SIRET } from './pes-text.js';

describe('what a PES file holds', () => {
  it('is its header, its domains, its slips with amounts and counts, and its attachments', async () => {
    const bytes = Buffer.from(flow({ slips: 3, piecesPerSlip: 4, attachments: 2, attachmentBytes: 3000 }), 'latin1');
    const { slips, attachments, findings, ...rest } = await report(bytes);
    expect(rest).to.deep.equal({
      bytes: bytes.length, sha1: createHash('sha1').update(bytes).digest('hex'), encoding: 'ISO-8859-1', root: 'PES_Aller', typFic: 'PESALR2',
      nomFic: 'PESALR2_21330262300011_261120_001', producedOn: '2026-11-20', idPost: '034000', idColl: SIRET, codCol: '123', codBud: '00',
      budgetLabel: 'COMMUNE D\'ÉVÊQUEMONT', domains: ['PES_DepenseAller', 'PES_PJ'], slipCount: 3, pieceCount: 12, attachmentCount: 2, signature: 'none',
    });
    expect(findings).to.deep.equal([]);
    expect(slips[1]).to.deep.equal({
      domain: 'expense', number: '2', year: '2026', type: '01', id: 'BORD2', declaredPieces: 4, pieces: 4, amount: '43.62', vat: null, isSigned: false,
      line: bytes.toString('latin1').split('<Bordereau Id="BORD2"')[0]!.split('\n').length,
    });
    expect(attachments[1]).to.deep.include({ name: 'facture2.pdf', type: '003', mediaType: 'application/pdf' });
    expect(attachments[1]?.encodedBytes).to.be.greaterThan(4000);
  });

  it('is the same however the file is cut', async () => {
    const bytes = Buffer.from(flow({ slips: 2, attachments: 1, attachmentBytes: 200 }), 'latin1');
    const whole = await report(bytes);
    await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 400 }), async (size) => {
      expect(await report(bytes, { size })).to.deep.equal(whole);
    }), { numRuns: 40 });
  });

  it('is read from revenues, whose elements have other names', async () => {
    const text = changed(changed(changed(flow(), /Depense/g, 'Recette'), /MtBordHT/g, 'MtBordHt'), /InfoLignePce/g, 'InfoLignePiece').replaceAll('<InfoPce>', '').replaceAll('</InfoPce>', '');
    const read = await report(text);
    expect(said(read)).to.deep.equal([]);
    expect(read.slips[0]).to.deep.include({ domain: 'revenue', number: '1', amount: '20.85', pieces: 2 });
  });

  it('is read whatever the prefix, the quotes and the line ends', async () => {
    const text = changed(flow(), /n:PES_Aller/g, 'pes:PES_Aller').replace('xmlns:n=', 'xmlns:pes=').replaceAll('"', '\'').replace('COMMUNE D\'ÉVÊQUEMONT', 'COMMUNE').replaceAll('\n', '\r\n');
    const read = await report(text);
    expect(read.slips).to.have.length(1);
    expect(said(read).filter((line) => line.startsWith('error'))).to.deep.equal([]);
  });

  it('throws what the stream throws, and nothing else', async () => {
    async function* broken() {
      yield await Promise.resolve(Buffer.from('<?xml version="1.0"?>'));
      throw new Error('the share is gone');
    }
    await readPes(broken()).then(() => { throw new Error('it was read'); }, (error: unknown) => { expect((error as Error).message).to.equal('the share is gone'); });
  });

  it('never throws for bytes that are anything', async () => {
    const text = flow({ attachments: 1, attachmentBytes: 50 });
    await fc.assert(fc.asyncProperty(fc.nat(text.length), fc.uint8Array({ minLength: 1, maxLength: 12 }), fc.nat(30), async (at, noise, length) => {
      const bytes = Buffer.concat([Buffer.from(text.slice(0, at), 'latin1'), noise, Buffer.from(text.slice(at + length), 'latin1')]);
      expect((await report(bytes)).bytes).to.equal(bytes.length);
    }), { numRuns: 300 });
  });

  it('lists at most 5000 slips and 1000 findings, and counts them all', async () => {
    const text = changed(flow({ slips: 6000, piecesPerSlip: 1 }), /<NbrPce V="1"/g, '<NbrPce V="2"');
    const read = await report(text);
    expect([read.slipCount, read.slips.length]).to.deep.equal([6000, 5000]);
    expect(read.findings).to.have.length(1001);
    expect(read.findings.at(-1)?.message).to.equal('and 5000 more that are not listed');
  });
});

describe('A6: what has a PES file refused', () => {
  it('A6.1: an empty file', async () => {
    await expectSaid('', ['error the file is empty [A6.1]']);
  });

  it('A6.2: a UTF-8 PES, valid as it may be', async () => {
    const utf8 = pesFile({ nomFic: 'F1', idColl: SIRET, encoding: 'UTF-8' });
    await expectSaid(utf8, ['error / (line 1): the file declares the encoding «UTF-8»; expected ISO-8859-1 [A6.2]']);
    expect((await report(utf8)).budgetLabel).to.equal('COMMUNE D\'ÉVÊQUEMONT');
  });

  it('A6.2: no declared encoding, and encodings that are close', async () => {
    await expectSaid(changed(flow({ budgetLabel: 'A' }), ' encoding="ISO-8859-1"', '').replace(/[^\n -~]/g, 'E'), [/declares no encoding; expected ISO-8859-1/]);
    await expectSaid(changed(flow(), 'ISO-8859-1"', 'ISO-8859-15"'), [/declares the encoding «ISO-8859-15»/]);
    expect(refused(await report(changed(flow(), 'ISO-8859-1"', 'iso-8859-1"')))).to.deep.equal([]);
  });

  it('A6.2: a declaration outside the first 50 characters', async () => {
    await expectSaid(changed(flow(), '<?xml version="1.0" encoding', `<?xml version="1.0" ${' '.repeat(20)} encoding`), [/^error .*declared after the first 50 characters/]);
  });

  it('A6.2: bytes that cannot be decoded', async () => {
    const text = changed(flow(), 'ISO-8859-1"', 'UTF-8"');
    expect(refused(await report(text))).to.deep.equal(['A6.2', 'A6.2']);
  });

  it('A6.3: a truncated file, with the place where it ends', async () => {
    const text = flow();
    const cut = text.slice(0, text.indexOf('<NatPce'));
    await expectSaid(cut, [/^error \/PES_Aller\/PES_DepenseAller\/Bordereau\[1\]\/Piece\[1\]\/BlocPiece\/InfoPce \(line \d+\): .*the document ends inside <InfoPce> \[A6\.3\]$/]);
  });

  it('A6.3: a billion laughs', async () => {
    const laughs = `<!DOCTYPE PES_Aller [<!ENTITY a "ha">${Array.from({ length: 30 }, (_, at) => `<!ENTITY a${at} "${`&a${at - 1};`.repeat(10)}">`).join('')}]>\n`;
    await expectSaid(changed(flow(), '?>\n', `?>\n${laughs}`), [/^error \/ \(line 2\): the file holds a DOCTYPE, which is refused/]);
  });

  it('A6.3: a PDF, a ZIP, a text, and says what they are', async () => {
    await expectSaid('%PDF-1.7\n', ['error the file is a PDF; expected a PES file in XML [A6.3]']);
    await expectSaid('PK\x03\x04', ['error the file is a ZIP archive or an office document; expected a PES file in XML [A6.3]']);
    await expectSaid('NomFic;CodCol\n', [/^error .*text stands outside the root element \[A6\.3\]$/]);
  });

  it('A6.4: another file of the treasury or of the prefecture, and says which', async () => {
    const as = (root: string) => `<?xml version="1.0" encoding="ISO-8859-1"?><n:${root} xmlns:n="urn:x"><Enveloppe/></n:${root}>`;
    await expectSaid(as('PES_ACQUIT'), ['error /PES_ACQUIT (line 1): the file is the treasury\'s answer to a flow (PES_ACQUIT), not a flow for the treasury; expected PES_Aller [A6.4]']);
    await expectSaid(as('PES_Retour'), [/what the treasury tells of pieces/]);
    await expectSaid(as('DocumentBudgetaire'), [/a budget document, which goes to the prefecture/]);
    await expectSaid(as('invoice'), [/the file is a <invoice>, not a flow for the treasury/]);
    await expectSaid(as('PES_Aller'), [/^error \/PES_Aller \(line 1\): the root is PES_Aller of the namespace «urn:x»; expected «http:/]);
  });

  it('A6.4: not the answer to a restitution, which is sent too', async () => {
    const text = '<?xml version="1.0" encoding="ISO-8859-1"?><n:PES_ACQUIT_RETOUR xmlns:n="http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller/ack"><Enveloppe><Parametres><NomFic V="A1"/></Parametres></Enveloppe>'
      + '<EnTetePES><CodColl V="221"/></EnTetePES><ACQUIT_RETOUR><ElementACQUIT_RETOUR/></ACQUIT_RETOUR></n:PES_ACQUIT_RETOUR>';
    const read = await report(text);
    expect(said(read)).to.deep.equal([]);
    expect(read).to.deep.include({ root: 'PES_ACQUIT_RETOUR', nomFic: 'A1', codCol: '221' });
  });

  it('A6.5: no domain, which would never be answered', async () => {
    await expectSaid(changed(flow(), / <PES_DepenseAller>[^]*<\/PES_DepenseAller>\n/, ''), [/^error \/PES_Aller: the file holds no domain/]);
  });

  it('A6.6: no NomFic, or one over 100 characters; one of zeros is only unusual', async () => {
    await expectSaid(changed(flow(), /<NomFic V="[^"]*"/, '<NomFic V=""'), [/^error \/PES_Aller\/Enveloppe\/Parametres\/NomFic\/@V \(line 7\): the name of the flow is missing/]);
    await expectSaid(changed(flow(), /<NomFic V="[^"]*"\/>/, ''), ['error /PES_Aller/Enveloppe/Parametres/NomFic/@V: the name of the flow is missing; expected 1 to 100 characters, not only zeros [A6.6]']);
    await expectSaid(flow({ nomFic: 'F'.repeat(101) }), [/^error .*the name of the flow is «F+…», 101 characters; expected 1 to 100/]);
    await expectSaid(flow({ nomFic: '000' }), [/^warning .*not only zeros/]);
  });

  it('A6.6: a NomFic with line ends or turned writing says nothing in the place of the report', async () => {
    const read = await report(changed(flow(), /<NomFic V="[^"]*"/, '<NomFic V="A&#10;Peut être envoyé&#x202E;&#x9B;2J"'));
    const lines = describePesReport(read, 'fr');
    expect(lines.join('\n')).not.to.match(/[\u202e\u009b]/);
    expect(lines.filter((line) => line.includes('\n'))).to.deep.equal([]);
    expect(describeFinding({ severity: 'error', rule: 'A1', place: '/', line: 0, message: '«A\r\nB»' })).to.equal('«A B» [A1]');
  });

  it('A6.7: no CodCol, CodBud, IdPost or IdColl; CodCol over 3 and IdColl over 14 characters', async () => {
    for (const [element, rule] of [['CodCol', 'A6.7'], ['CodBud', 'A6.7'], ['IdPost', 'A6.7'], ['IdColl', 'A6.7']]) {
      expect(refused(await report(changed(flow(), new RegExp(`<${element} V="[^"]*"/>`), ''))), element).to.deep.equal([rule]);
    }
    await expectSaid(flow({ codCol: '1234' }), [/^error .*EnTetePES\/CodCol\/@V \(line 18\): the code of the authority is «1234», 4 characters; expected 3 digits/]);
    await expectSaid(flow({ idColl: `${SIRET}0` }), [/^error .*the SIRET of the budget is «213302623000110», 15 characters/]);
  });

  it('A6.7: other forms and a wrong key are warnings: samples have them', async () => {
    await expectSaid(flow({ codCol: '12' }), [/^warning .*the code of the authority is «12»; expected 3 digits/]);
    await expectSaid(flow({ idPost: '34' }), [/^warning .*the accounting post is «34»/]);
    await expectSaid(flow({ codBud: 'XX' }), [/^warning .*the code of the budget is «XX»/]);
    await expectSaid(flow({ idColl: '12345678912345' }), [/^warning .*the SIRET «12345678912345» has a wrong key/]);
    await expectSaid(flow({ idPost: '02A123' }), []);
  });

  it('A6.11: no signature where the flow needs one', async () => {
    await expectSaid(flow({ slips: 3 }), ['error /PES_Aller: 3 of 3 slips are not signed, and this flow needs signatures [A6.11]'], { dematerialised: true });
    await expectSaid(flow({ dematerialised: '1' }), ['warning /PES_Aller: 1 of 1 slips are not signed [A6.11]']);
  });
});

describe('A1: the form of a PES file', () => {
  it('a byte order mark is worth a warning, and shifts the window of the encoding', async () => {
    await expectSaid(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(flow({ budgetLabel: 'A' }).replace(/[^\n -~]/g, 'E'))]), [/^warning .*begins with a byte order mark of UTF-8/]);
  });

  it('accents wrongly encoded: UTF-8 bytes in a file that says ISO-8859-1', async () => {
    await expectSaid(flow({ budgetLabel: Buffer.from('ÉVÊQUEMONT').toString('latin1') }), [/^warning \/PES_Aller\/EnTetePES\/LibelleColBud\/@V \(line 20\): «Ã‰VÃŠQUEMONT» seems to be UTF-8/]);
    await expectSaid(flow({ budgetLabel: 'L\x92EAU' }), [/^warning \/PES_Aller\/EnTetePES\/LibelleColBud\/@V .*has a character that ISO-8859-1 does not have/]);
    await expectSaid(flow({ budgetLabel: 'CÂBLE N° 3, ÇA VA, ÃO' }), []);
  });

  it('a default namespace on the root hides every element', async () => {
    await expectSaid(changed(flow(), '<n:PES_Aller xmlns:n=', '<n:PES_Aller xmlns="urn:x" xmlns:n='), [/^error \/PES_Aller\/Enveloppe \(line 3\): <Enveloppe> stands in the namespace «urn:x»/]);
  });

  it('an Id begins with a letter', async () => {
    await expectSaid(changed(flow(), 'Id="FLUX1"', 'Id="1FLUX"'), [/^warning \/PES_Aller\/@Id \(line 2\): the Id «1FLUX» is not valid/]);
  });
});

describe('A2: slips', () => {
  const slip = '/PES_Aller/PES_DepenseAller/Bordereau[1]/BlocBordereau';

  it('NbrPce and the sum of the lines are compared with what is there', async () => {
    await expectSaid(changed(flow(), '<NbrPce V="2"', '<NbrPce V="3"'), [`warning ${slip}/NbrPce/@V (line 33): the slip declares 3 pieces and has 2 [A6.10]`]);
    await expectSaid(changed(flow(), '<MtBordHT V="20.85"', '<MtBordHT V="99999999999999.99"'), [`warning ${slip}/MtBordHT/@V (line 35): the slip declares 99999999999999.99 and its lines add up to 20.85 [A6.10]`]);
    // an amount that is none says nothing of the sum
    await expectSaid(changed(flow(), '<MtHT V="10.37"', '<MtHT V="dix"'), []);
  });

  it('VAT that no line has', async () => {
    const vat = changed(flow(), '<MtBordHT V="20.85"/>', '<MtBordHT V="20.85"/><MtBordTVA V="4.17"/>');
    await expectSaid(vat, [/^warning .*MtBordTVA\/@V .*none of its lines has any/]);
    await expectSaid(changed(vat, /(<MtHT V="[\d.]+"\/>)/, '$1<MtTVA V="4.17"/>'), []);
  });

  it('a number that stands twice is refused by the treasury', async () => {
    await expectSaid(changed(flow({ slips: 2 }), '<IdBord V="2"', '<IdBord V="1"'), [/^error \/PES_Aller\/PES_DepenseAller\/Bordereau\[2\]\/BlocBordereau\/IdBord\/@V .*the slip number 1 of 2026, type 01, stands twice/]);
  });

  it('the yearly total is required where slips are dematerialised', async () => {
    expect(refused(await report(changed(flow({ dematerialised: '1' }), /<MtCumulAnnuel[^>]*>/, '')))).to.deep.equal(['A2']);
    expect(refused(await report(changed(flow(), /<MtCumulAnnuel[^>]*>/, '')))).to.deep.equal([]);
  });
});
