import { expect } from 'chai';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { connectors } from '../../../connectors/index.js';
import { loadConfiguration } from '../../../src/config/load-configuration.js';
import { CERTIFICATE, KEY } from './throwaway-certificate.js';

const SECRET = 'a secret of the town';
/** Of the word «demo». */
const HASH = '$scrypt$ln=14,r=8,p=5$CGt0oMWfQvyH+PXwXphhEA$RSKVVfrHohDfNQmZ9sY7pUSIG6Jgxg5/MlOPGb7TnwY';

const root = path.resolve(import.meta.dirname, '../../..');
const page = (file: string): string => fs.readFileSync(path.join(root, file), 'utf8');
const pages = ['docs/plonemeeting.md', 'docs/urbanism.md', ...fs.readdirSync(path.join(root, 'docs/connectors')).filter((name) => !name.endsWith('.fr.md')).map((name) => `docs/connectors/${name}`)];
const inFrench = (file: string): string => file.replace(/\.md$/, '.fr.md');

/** What the pages take for granted: a piece of a configuration that stands in none of them. */
const TOWN: Readonly<Record<string, unknown>> = {
  title: 'Petite Ville',
  organisations: ['secretariat', 'urbanisme'].map((id) => ({ id, title: id, members: { creators: ['ged'] } })),
  users: [{ id: 'ged' }, { id: 'urban', source: 'urbanism' }, { id: 'finances' }, { id: 'prefecture' }],
  meetingConfigs: ['College', 'Council'].map((shortName) => ({
    id: `meeting-config-${shortName.toLowerCase()}`, shortName, title: shortName, annexTypes: ['annexe', 'document-signe', 'circulation', 'courrier', 'accuse'].map((id) => ({ id, title: id })),
  })),
  deposits: ['mail', 'pes'].map((kind) => ({ id: kind, kind, place: { account: 'ged', meetingConfig: 'meeting-config-college', organisation: 'secretariat' }, folder: { path: `/srv/${kind}` } })),
};

/** Stand-ins for connectors that a page uses and describes elsewhere. */
const ELSEWHERE = ['signature', 'returns'].map((id) => ({ id, type: 'folder', settings: { path: `/srv/${id}` } }));

/** The YAML blocks of a page; one that is indented goes on with the block before it. */
function blocksOf(text: string): string[] {
  const blocks: string[] = [];
  for (const [, block = ''] of text.matchAll(/^```yaml\n([^]*?)^```/gm)) {
    if (block.startsWith(' ')) blocks.push(`${blocks.pop() ?? ''}${block}`);
    else blocks.push(block);
  }
  return blocks;
}

/** The example of a connector's own page of settings. */
function settingsOf(file: string): string {
  return blocksOf(page(`connectors/${path.basename(file).replace(/(?:\.fr)?\.md$/, '')}/README.md`))[0] ?? '';
}

interface Steps { readonly [list: string]: readonly { readonly connector: string }[] }
interface Piece { readonly connectors?: readonly { readonly id: string }[]; readonly flows?: readonly Steps[] }

/** A whole town that has what the block says; the block itself, if it is one. */
function townWith(block: string, file: string): string {
  const piece = parse(block) as Piece;
  if ('authority' in piece) return block;
  const own = piece.connectors ?? (parse(settingsOf(file)) as Piece).connectors ?? [];
  const used = (piece.flows ?? []).flatMap(({ steps = [], onRejection = [] }) => [...steps, ...onRejection].map(({ connector }) => connector));
  const others = ELSEWHERE.filter(({ id }) => used.includes(id) && !own.some((one) => one.id === id));
  return JSON.stringify({ authority: { ...TOWN, ...piece, connectors: [...own, ...others] } });
}

describe('the pages on connectors', () => {
  let folder: string;
  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'relais-guides-'));
    for (const [ending, content] of [['pem', CERTIFICATE], ['key', KEY], ['secret', SECRET], ['hash', HASH]] as const) fs.writeFileSync(path.join(folder, `of-the-town.${ending}`), content);
  });
  after(() => { fs.rmSync(folder, { recursive: true }); });

  for (const file of pages.flatMap((one) => [one, inFrench(one)])) {
    it(`${file} shows configurations that work`, async () => {
      for (const block of blocksOf(page(file))) {
        const text = townWith(block, file);
        const env = Object.fromEntries([...text.matchAll(/\$\{env:(\w+)\}/g)].map(([, name = '']) => [name, SECRET]));
        const local = (named: string): string => `\${file:${path.join(folder, `of-the-town${/\.(?:pem|key|hash)$/.exec(named)?.[0] ?? '.secret'}`)}}`;
        fs.writeFileSync(path.join(folder, 'relais.yaml'), text.replaceAll(/\$\{file:([^}]+)\}/g, (_, named: string) => local(named)));
        const { warnings } = await loadConfiguration(path.join(folder, 'relais.yaml'), env, { connectors });
        expect(warnings, block).to.deep.equal([]);
      }
    });

    it(`${file} leads to pages that there are`, () => {
      for (const [, link = ''] of page(file).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)) expect(fs.existsSync(path.join(root, path.dirname(file), link)), link).to.equal(true);
    });
  }

  for (const file of pages) {
    it(`${file} has the same parts in both languages`, () => {
      const outline = (text: string): string[] => text.match(/^#+ |^```|^\||^\d\. |^- /gm) ?? [];
      expect(outline(page(inFrench(file)))).to.deep.equal(outline(page(file)));
    });
  }

  it('are found from one table, with every connector there is', () => {
    const rows = [...page('docs/connectors.md').matchAll(/^\| \[([a-z0-9-]+)\]\(([^)]+)\) \|/gm)].map(([, id = '', link = '']) => ({ id, link }));
    expect(rows.map(({ id }) => id).toSorted()).to.deep.equal([...connectors.keys()].toSorted());
    for (const { link } of rows) expect(fs.existsSync(path.join(root, 'docs', link)), link).to.equal(true);
  });
});
