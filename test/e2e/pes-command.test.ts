import { expect } from 'chai';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pesFile } from '../support/pes-file.js';
import { relais } from '../support/relais-command.js';

describe('relais pes inspect', function inspectFiles() {
  this.timeout(120_000);
  let folder: string;

  before(() => { folder = fs.mkdtempSync(path.join(os.tmpdir(), 'relais-pes-')); });

  after(() => { fs.rmSync(folder, { recursive: true }); });

  function file(name: string, content: Buffer | string): string {
    const where = path.join(folder, name);
    fs.writeFileSync(where, content);
    return where;
  }

  it('shows people what a file holds, in their language, and programs the same as JSON', async () => {
    const flow = file('flow.xml', pesFile({ nomFic: 'FLUX_1', idColl: '21330262300011', slips: 2, attachments: 1, attachmentBytes: 100 }));
    const [french, english, json] = await Promise.all([relais(['pes', 'inspect', flow, '--lang', 'fr']), relais(['pes', 'inspect', flow, '--lang', 'en']), relais(['pes', 'inspect', flow, '--json'])]);
    expect(french).to.deep.include({ code: 0, err: '' });
    expect(french.out).to.include('Budget           00 COMMUNE D\'ÉVÊQUEMONT\n').and.to.include('Bordereaux       2, pièces : 4\n').and.to.include('Peut être envoyé');
    expect(english.out).to.match(/^ {2}expense {2}2 {7}2026 {2}01 {4}2 {7}21\.59 {3}- {4}no/m).and.to.include('May be sent');
    expect(JSON.parse(json.out)).to.deep.include({ nomFic: 'FLUX_1', slipCount: 2, attachmentCount: 1, findings: [] });
  });

  it('ends with 1 where the file would be refused, and says why and where', async () => {
    const utf8 = await relais(['pes', 'inspect', file('utf8.xml', pesFile({ nomFic: 'F', encoding: 'UTF-8' })), '--lang', 'fr']);
    expect(utf8.code).to.equal(1);
    expect(utf8.out).to.include('Serait refusé (1)\n  / (ligne 1) : le fichier déclare l\'encodage «UTF-8» ; attendu : ISO-8859-1 [A6.2]\n');
    expect(utf8.err).to.equal('RELAIS_PES_REFUSED\nce fichier serait refusé (1 motif)\n');
  });

  it('says what a wrong file is, and that a missing one is missing', async () => {
    const [pdf, missing] = await Promise.all([relais(['pes', 'inspect', file('a.pdf', '%PDF-1.7\n'), '--lang', 'en']), relais(['pes', 'inspect', path.join(folder, 'none.xml')])]);
    expect(pdf.code).to.equal(1);
    expect(pdf.out).to.include('the file is a PDF; expected a PES file in XML [A6.3]');
    expect(missing.code).to.equal(1);
    expect(missing.err).to.match(/found .*none\.xml, which is not there, expected a file/);
  });

  it('compares with a schema where the program for it is there, else says what is missing', async () => {
    const flow = file('with-schema.xml', pesFile({ nomFic: 'FLUX_1', idColl: '21330262300011' }));
    const schema = file('any.xsd', '<x/>');
    const found = await relais(['pes', 'inspect', flow, '--lang', 'en', '--schema', schema, '--xmllint', path.join(folder, 'no-program')]);
    expect(found.code).to.equal(0);
    expect(found.out).to.match(/the file was not compared with the schema: the program «.*no-program» is not there/);
  });
});
