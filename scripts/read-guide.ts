import fs from 'node:fs';

/** A row of a table of keys. */
export interface GuideRow {
  readonly key: string;
  /** Without the marks of Markdown. */
  readonly meaning: string;
}

/** The tables of keys of an administrator's guide, by the path with which their heading begins: `server.tls`. That of the
 * root is empty; its heading names the file. */
export function readGuide(file: string): Map<string, GuideRow[]> {
  const found = new Map<string, GuideRow[]>();
  for (const section of fs.readFileSync(file, 'utf8').split(/^#{2,3} /m)) {
    const [heading = ''] = section.split('\n', 1);
    const name = /`relais\.yaml`$/.test(heading) ? '' : /^`([\w.]+)`/.exec(heading)?.[1];
    if (name === undefined) continue;
    const rows = [...section.matchAll(/^\| `(\w+)` \|[^|]*\|[^|]*\|((?:\\\||[^|])*)\|/gm)];
    found.set(name, rows.map(([, key = '', meaning = '']) => ({ key, meaning: meaning.trim().replaceAll('`', '').replaceAll('**', '').replaceAll('\\|', '|') })));
  }
  return found;
}
