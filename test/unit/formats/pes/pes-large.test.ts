import { expect } from 'chai';
import { watchMemory } from '../../../../src/connector-kit/live-memory.js';
import { refusalsOf } from '../../../../src/formats/pes/pes-refusals.js';
import { readPes } from '../../../../src/formats/pes/read-pes.js';
import { pesFileStream } from '../../../support/pes-file.js';
import { SIRET } from './pes-text.js';

const LARGEST = 134_217_728;
const ROOM = 16_000_000;

describe('large PES files', () => {
  it('128 MiB of base64 are read at constant memory', async () => {
    // made as it is read, so that the file is not in memory either
    const piece = Buffer.alloc(65_536, 'QUJD');
    async function* content(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><n:PES_Aller xmlns:n="http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller"><PES_PJ><PJ><Contenu><Fichier>');
      for (let at = 0; at < LARGEST / piece.length; at += 1) yield await Promise.resolve(piece);
      yield Buffer.from('</Fichier></Contenu></PJ></PES_PJ></n:PES_Aller>');
    }
    const memory = watchMemory(ROOM);
    const report = await readPes(content());
    expect(memory.end()).to.be.lessThan(ROOM);
    expect(report.attachments[0]?.encodedBytes).to.equal(LARGEST);
    expect(refusalsOf(report).map(({ rule }) => rule)).to.include.members(['A3', 'A6.1']);
  }).timeout(60_000);

  it('slips without number are read at constant memory', async () => {
    const memory = watchMemory(ROOM);
    const report = await readPes(pesFileStream({ nomFic: 'LARGE', idColl: SIRET, bytes: 30_000_000, piecesPerSlip: 20 }));
    expect(memory.end()).to.be.lessThan(ROOM);
    expect(report.slipCount).to.be.greaterThan(500);
    expect(report.findings).to.deep.equal([]);
  }).timeout(60_000);
});
