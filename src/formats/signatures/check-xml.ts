import { fork } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { examineXml, type XmlExamination, type XmlPlace } from './examine-xml.js';
import { noFindings, reportOf } from './findings.js';
import type { SignatureReport, SignatureRules } from './report.js';

/** A file of so many bytes is looked into at once; a larger one would keep this process from everything else for too long. */
const SOON = 128 * 1024;
/** Megabytes of heap: a file with as many tags as are taken, and the one that was sent beside it, need some 900. */
const HEAP = 1536;
const TIMEOUT_MS = 60_000;

/** Large files are looked into one after the other, so that their memory is never needed twice. */
let last: Promise<unknown> = Promise.resolve();

/** Verifies the signatures inside an XML file (XMLDSig, XAdES enveloped): every one has to hold, and together they have to cover
 * what `place` says; null: the whole document or each Bordereau. `original`: what was sent to be signed; null: not compared, and a
 * difference is a remark. Files of 32 MiB at most; large ones in a process of their own. Whatever the file is, the answer is a
 * report. */
export function checkXmlSignatures(signed: Buffer, original: Buffer | null, rules: SignatureRules, place: XmlPlace | null): Promise<SignatureReport> {
  if (signed.length + (original?.length ?? 0) <= SOON) return Promise.resolve(examineXml(signed, original, rules, place));
  const report = last.then(() => inProcess({ signed, original, rules, place }));
  last = Promise.allSettled([report]);
  return report;
}

/** Resolves with a report whatever happens to the process: a file that is too much for it is not verified. */
function inProcess(examination: XmlExamination): Promise<SignatureReport> {
  // The extension is that of this file: .js when built, .ts when run from the sources.
  const entry = fileURLToPath(new URL(`./examine-xml-process${path.extname(import.meta.url)}`, import.meta.url));
  return new Promise((resolve) => {
    const child = fork(entry, [], { serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [...process.execArgv, `--max-old-space-size=${HEAP}`] });
    const settle = (report: SignatureReport): void => { clearTimeout(timer); resolve(report); };
    const fail = (why: string): void => settle(reportOf('xades', { ...noFindings(), problems: [`the XML cannot be looked into: ${why}`] }));
    const timer = setTimeout(() => { fail(`it takes longer than ${TIMEOUT_MS / 1000} s`); child.kill('SIGKILL'); }, TIMEOUT_MS);
    child.once('message', (report) => settle(report as SignatureReport));
    child.once('error', ({ message }) => fail(message));
    child.once('exit', (code, signal) => fail(`the process that did ended (${signal ?? code ?? 'unknown'})`));
    child.send(examination, (error) => { if (error !== null) fail(error.message); });
  });
}
