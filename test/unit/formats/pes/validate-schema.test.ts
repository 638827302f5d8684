import { expect } from 'chai';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { validateWithXmllint } from '../../../../src/formats/pes/validate-schema.js';

describe('the schema, looked at by a program outside', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'relais-schema-'));
    file = path.join(folder, 'flow with spaces; and more.xml');
    fs.writeFileSync(file, '<x/>');
  });

  afterEach(() => { fs.rmSync(folder, { recursive: true }); });

  /** A program that says so; `$file` is what it was given last. */
  function program(lines: string, code: number): string {
    const name = path.join(folder, 'fake-xmllint');
    fs.writeFileSync(name, `#!/bin/sh\nfor file; do :; done\ncat > '${folder}/given'\nprintf '%s\\n' "$*" > '${folder}/arguments'\n${lines}\nexit ${code}\n`, { mode: 0o755 });
    return name;
  }

  function validate(xmllint: string, timeoutMs = 20_000) {
    return validateWithXmllint(fs.createReadStream(file), { schema: path.join(folder, 'PES_Aller.xsd'), xmllint, timeoutMs });
  }

  it('a valid file brings nothing, whatever is said of the schema itself', async () => {
    expect(await validate(program('echo "a.xsd:4: element import: Schemas parser warning : Skipping import" >&2; echo "$file validates" >&2', 0))).to.deep.equal([]);
    expect(fs.readFileSync(path.join(folder, 'arguments'), 'utf8').trim()).to.equal(`--nonet --huge --stream --noout --schema ${folder}/PES_Aller.xsd -`);
    expect(fs.readFileSync(path.join(folder, 'given'), 'utf8')).to.equal('<x/>');
  });

  it('an invalid file brings warnings with place and line, never errors', async () => {
    const found = await validate(program(`echo "$file:52: Schemas validity error : Element 'IdBord', attribute 'V': The value '733981751' has more digits than are allowed ('7')." >&2
echo "$file:60: Schemas validity error : Element '{http://x}PES_Aller': This element is not expected." >&2
echo "$file fails to validate" >&2`, 3));
    expect(found.map(({ severity, rule, place, line }) => [severity, rule, place, line])).to.deep.equal([['warning', 'A6.9', '//IdBord/@V', 52], ['warning', 'A6.9', '//PES_Aller', 60]]);
    expect(found[0]?.message).to.include('more digits than are allowed');
  });

  it('a program that is missing says so, in words that help', async () => {
    const [finding] = await validate('no-such-xmllint');
    expect(finding?.message).to.equal('the file was not compared with the schema: the program «no-such-xmllint» is not there; install it (package libxml2-utils), or say where it is');
  });

  it('a program that cannot look says why', async () => {
    const [finding] = await validate(program('echo "XSD schema failed to compile" >&2', 5));
    expect(finding?.message).to.match(/xmllint ended with code 5: XSD schema failed to compile/);
  });

  it('a program that does not end is ended', async () => {
    const [finding] = await validate(program('exec sleep 60', 0), 100);
    expect(finding?.message).to.match(/it took more than 0\.1 s/);
  });

  it('a program that says too much is let talk', async () => {
    const found = await validate(program('i=0; while [ $i -lt 20000 ]; do echo "$file:$i: Schemas validity error : Element \'A\': This element is not expected." >&2; i=$((i+1)); done', 3));
    expect(found).to.have.length(200);
  });
});
