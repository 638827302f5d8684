import { expect } from 'chai';
import { describeFinding, refusalsOf } from '../../../../src/formats/pes/pes-refusals.js';
import type { PesReport } from '../../../../src/formats/pes/pes-report.js';
import { readPes, type ReadPesOptions } from '../../../../src/formats/pes/read-pes.js';
import { pesFile, type PesFileOptions } from '../../../support/pes-file.js';

/** A SIRET whose key is right, so that a report has nothing to say of it. */
export const SIRET = '21330262300011';

export function flow(options: Partial<PesFileOptions> = {}): string {
  return pesFile({ nomFic: 'PESALR2_21330262300011_261120_001', idColl: SIRET, ...options }).toString('latin1');
}

/** Reads a text as ISO-8859-1, in pieces of `size` bytes. */
export async function report(text: string | Buffer, options: ReadPesOptions & { readonly size?: number } = {}): Promise<PesReport> {
  const bytes = typeof text === 'string' ? Buffer.from(text, 'latin1') : text;
  const size = options.size ?? 65_536;
  return await readPes((async function* () {
    for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(Buffer.from(bytes.subarray(at, at + size)));
  })(), options);
}

/** What a report says, one line each, errors first. */
export function said(read: PesReport): string[] {
  return read.findings.map((finding) => `${finding.severity} ${describeFinding(finding)}`);
}

export async function expectSaid(text: string | Buffer, lines: readonly (string | RegExp)[], options: ReadPesOptions = {}): Promise<void> {
  const found = said(await report(text, options));
  expect(found, found.join('\n')).to.have.length(lines.length);
  lines.forEach((line, at) => {
    if (typeof line === 'string') expect(found[at]).to.equal(line);
    else expect(found[at]).to.match(line);
  });
}

export function refused(read: PesReport): string[] {
  return refusalsOf(read).map(({ rule }) => rule);
}

/** The line on which a text begins for the first time. */
export function lineOf(text: string, what: string): number {
  expect(text).to.include(what);
  return text.slice(0, text.indexOf(what)).split('\n').length;
}

/** Replaces a text that must be there. */
export function changed(text: string, from: string | RegExp, to: string): string {
  const result = text.replace(from, to);
  expect(result, `${String(from)} is not in the file`).to.not.equal(text);
  return result;
}
