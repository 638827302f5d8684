import { expect } from 'chai';
import { changed, flow, lineOf, report, said } from './pes-text.js';

function signature(uri: string): string {
  return `<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><ds:Reference URI="${uri}"/><ds:Reference URI="#SP"/></ds:SignedInfo></ds:Signature>`;
}

/** Signs slips from the first on, by their Ids. */
function signed(text: string, uris: readonly string[]): string {
  let at = 0;
  return text.replaceAll('</Bordereau>', (end) => {
    const uri = uris[at];
    at += 1;
    return uri === undefined ? end : `${signature(uri)}${end}`;
  });
}

describe('A4: signatures', () => {
  it('of each slip', async () => {
    const read = await report(signed(flow({ slips: 2 }), ['#BORD1', '#BORD2']), { dematerialised: true });
    expect(read.signature).to.equal('slips');
    expect(read.slips.map(({ isSigned }) => isSigned)).to.deep.equal([true, true]);
    expect(said(read)).to.deep.equal([]);
  });

  it('of some slips only', async () => {
    const read = await report(signed(flow({ slips: 3 }), ['#BORD1']));
    expect(read.signature).to.equal('partial');
    expect(said(read)).to.deep.equal(['warning /PES_Aller: 2 of 3 slips are not signed [A6.11]']);
  });

  it('of the whole file, by its Id or by no name', async () => {
    for (const uri of ['#FLUX1', '']) {
      const read = await report(changed(flow({ slips: 2 }), '</n:PES_Aller>', `${signature(uri)}</n:PES_Aller>`), { dematerialised: true });
      expect(read.signature).to.equal('file');
      expect(read.domains).to.deep.equal(['PES_DepenseAller']);
      expect(said(read)).to.deep.equal([]);
    }
  });

  it('that refer to something else sign nothing', async () => {
    const text = signed(flow({ slips: 1 }), ['#BORD7']);
    const read = await report(text);
    expect(read.signature).to.equal('none');
    expect(said(read)).to.deep.equal([`error /PES_Aller/PES_DepenseAller/Bordereau[1]/Signature (line ${lineOf(text, '<ds:Signature')}): the signature refers to «#BORD7», «#SP»; expected «#BORD1», what it stands in [A4]`]);
  });

  it('an element of that name in another namespace is none', async () => {
    const text = changed(signed(flow(), ['#BORD1']), 'http://www.w3.org/2000/09/xmldsig#', 'urn:other');
    expect((await report(text)).signature).to.equal('none');
  });

  it('Ids are unique: a warning, and a refusal where one of the two is signed', async () => {
    const different = flow({ slips: 2 });
    const text = changed(different, 'Id="BORD2"', 'Id="BORD1"');
    const finding = `/PES_Aller/PES_DepenseAller/Bordereau[2]/@Id (line ${lineOf(different, 'Id="BORD2"')}): the Id «BORD1» stands twice in the file; each Id must be unique, or a signature may refer to the wrong element [A4]`;
    expect(said(await report(text))).to.deep.equal([`warning ${finding}`]);
    expect(said(await report(signed(text, ['#BORD1', '#BORD1'])))).to.deep.equal([`error ${finding}`]);
  });

  it('need an Id, on the slips or on the root', async () => {
    expect(said(await report(flow({ ids: false, slips: 2 })))).to.deep.equal(['warning /PES_Aller: 2 of 2 slips have no Id and the root has none: they cannot be signed [A4]']);
  });
});
