import { expect } from 'chai';
import { load, problemsOf, SMALL, takeMark } from './temporary-configuration.js';

const PASSWORD = { PW: 'secret' };

/** The small town with a platform that collects, and these keys of `collect`. */
function collecting(written: string, type = 'remote', settings = '{url: "https://r.example", password: "${env:PW}"}'): string {
  return SMALL.replace('  flows:', `    - id: platform\n      type: ${type}\n      settings: ${settings}\n      collect: ${written}\n  flows:`);
}

const WHOLE = '{every: 1 h, account: ged, meetingConfig: college, organisation: voirie}';
const COLLECT = 'authority.connectors[1].collect';

const CASES: [name: string, yaml: string, message: string][] = [
  ['an unknown account', collecting(WHOLE.replace('ged', '▸gedd')), `${COLLECT}.account: found the unknown user "gedd", expected one of ged, jean; did you mean ged?`],
  ['an unknown meeting config', collecting(WHOLE.replace('college', '▸colege')), `${COLLECT}.meetingConfig: found the unknown meeting config "colege", expected one of college; did you mean college?`],
  ['an unknown organisation', collecting(WHOLE.replace('voirie', '▸voiri')), `${COLLECT}.organisation: found the unknown organisation "voiri", expected one of voirie, finances; did you mean voirie?`],
  ['an annex type that items do not have', collecting(WHOLE.replace('}', ', annexType: ▸decision}')).replace('title: Collège', 'title: Collège\n      annexTypes: [{id: decision, title: D, relatedTo: decision}, {id: file, title: F}]'), `${COLLECT}.annexType: found the unknown annex type of items "decision", expected one of file`],
  ['no account', collecting(`▸${WHOLE.replace('account: ged, ', '')}`), `${COLLECT}.account: found nothing, expected text`],
  ['a time between that is none', collecting(WHOLE.replace('1 h', '▸often')), `${COLLECT}.every: found "often", expected a duration such as 30 s, in ms, s, min, h or d`],
  ['a type that collects nothing', collecting(WHOLE, 'folder', '{path: /tmp}').replace('collect:', '▸collect:'), `${COLLECT}: found collect, but nothing can be collected from a folder, expected no such key`],
];

describe('where what is collected comes to stand', () => {
  for (const [name, marked, message] of CASES) {
    it(`${name} is shown with its place`, async () => {
      const { text, line, column } = takeMark(marked);
      const problems = await problemsOf({ 'relais.yaml': text }, PASSWORD);
      expect(problems.map((one) => `${one.line}:${one.column} ${one.path}: ${one.message}`)).to.deep.equal([`${line}:${column} ${message}`]);
    });
  }

  it('is a place of the authority, by the source of the account, the first annex type of items and the first state', async () => {
    const text = collecting(WHOLE).replace('- id: ged', '- id: ged\n      source: letters')
      .replace('title: Collège', 'title: Collège\n      annexTypes: [{id: decision, title: D, relatedTo: decision}, {id: file, title: F}]')
      .replace('title: Voirie', 'title: Voirie\n      uid: 7d5c');
    const { authorities: [town] } = await load({ 'relais.yaml': text }, PASSWORD);
    expect(town?.authority.connectors[1]?.collect).to.deep.equal({
      everyMs: 3_600_000,
      place: { creator: 'ged', source: 'letters', configId: 'college', organisation: '7d5c', annexType: 'file', reviewState: 'itemcreated' },
    });
    expect(town?.authority.connectors[0]).to.not.have.property('collect');
  });

  it('rules of flows may name the kinds that are collected', async () => {
    expect(await problemsOf({ 'relais.yaml': collecting(WHOLE).replace('- id: all', '- id: all\n      when: {kind: letter}') }, PASSWORD)).to.deep.equal([]);
  });
});
