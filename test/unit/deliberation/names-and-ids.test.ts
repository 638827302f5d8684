import { expect } from 'chai';
import fc from 'fast-check';
import { rememberRecentItems } from '../../../src/deliberation/create-item/recent-items.js';
import { hasExtension, safeFilename } from '../../../src/domain/safe-filename.js';
import { fileUrlId, urlId } from '../../../src/domain/url-id.js';

describe('safe file names', () => {
  const table: [given: string, safe: string | undefined][] = [
    ['Plan.PDF', 'Plan.PDF'], ['../../etc/passwd', 'passwd'], ['a\\b', 'b'], ['C:\\x\\Rapport final.docx', 'Rapport final.docx'],
    ['..', undefined], ['/', undefined], ['   ', undefined], ['a/', undefined], ['.pdf', '.pdf'], ['rapport.', 'rapport'], ['a\r\nb\0.pdf', 'ab.pdf'],
    ['NUL', '_NUL'], ['aux.txt', '_aux.txt'], ['auxiliaire.txt', 'auxiliaire.txt'], ['a<b>:"|?*.pdf', 'a-b------.pdf'], ['e\u0301te\u0301.pdf', 'été.pdf'],
  ];
  for (const [given, safe] of table) it(JSON.stringify(given), () => expect(safeFilename(given)).to.equal(safe));

  it('are harmless and short whatever was given, and stay as they are', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), fc.constantFrom('', '.pdf', '/x.tar.gz', '\u0000', '😀'.repeat(80)), (text, end) => {
      const name = safeFilename(text + end);
      if (name === undefined) return;
      expect(name).to.match(/^[^/\\\p{Cc}\p{Cf}<>:"|?*]+$/u).and.not.match(/^\.*$|[. ]$/);
      expect(Buffer.byteLength(name)).to.be.at.most(255);
      expect(safeFilename(name)).to.equal(name);
    }));
  });

  it('keep their extension when cut', () => {
    expect(safeFilename(`${'x'.repeat(300)}.pdf`)).to.equal(`${'x'.repeat(251)}.pdf`);
    expect(safeFilename(`${'x'.repeat(253)}. ${'y'.repeat(30)}`)).to.equal('x'.repeat(253));
  });

  it('cost time that grows with their length only', () => {
    const started = performance.now();
    for (const run of [' ', '.', '. ', '\u00a0']) expect(safeFilename(`a${run.repeat(200_000)}b.txt`)).to.match(/^a.*$/s);
    expect(performance.now() - started).to.be.below(3000);
  });

  it('have an extension when something stands before and after a dot', () => {
    expect(['a.pdf', 'a.b.pdf', '.pdf', 'a', 'a.'].map(hasExtension)).to.deep.equal([true, true, false, false, false]);
  });
});

describe('short ids', () => {
  it('are made of a text', () => {
    const table = { 'Budget 2027 vote': 'budget-2027-vote', 'L’été à Œuvre !': 'l-ete-a-oeuvre', '…': 'item', 'Поле': 'item', ' .a. ': 'a', 'a_b.c': 'a_b.c' };
    for (const [text, id] of Object.entries(table)) expect(urlId(text, 'item')).to.equal(id);
  });

  it('need no escaping in an address', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
      for (const id of [urlId(text, 'item'), fileUrlId(text, new Map()), fileUrlId(`${text}.pdf`, new Map())]) {
        expect(id).to.match(/^[a-z0-9_.-]+$/).and.not.match(/^\./);
        expect(id).to.have.length.at.most(130);
      }
    }));
  });

  it('of many files of one name are found in little time', () => {
    const given = new Map<string, number>();
    const start = performance.now();
    const ids = Array.from({ length: 20_000 }, () => fileUrlId('plan.pdf', given));
    expect(performance.now() - start).to.be.below(2000);
    expect(new Set(ids)).to.have.property('size', 20_000);
  });
});

describe('recent items', () => {
  it('are forgotten after two minutes, and beyond ten thousand', () => {
    let now = 0;
    const recent = rememberRecentItems({ now: () => now });
    const likeness = (externalIdentifier: string) => ({ configId: 'c', externalIdentifier, creator: 'u', title: 't' });
    recent.remember(likeness('a'), 'uid-a');
    now = 120_000;
    expect(recent.find(likeness('a'))).to.equal('uid-a');
    now = 120_001;
    expect(recent.find(likeness('a'))).to.equal(undefined);
    recent.remember(likeness('b'), 'uid-b');
    for (let index = 1; index < 10_000; index += 1) recent.remember(likeness(String(index)), 'uid');
    expect(recent.find(likeness('b'))).to.equal('uid-b');
    recent.remember(likeness('one more'), 'uid');
    expect(recent.find(likeness('b'))).to.equal(undefined);
  });
});
