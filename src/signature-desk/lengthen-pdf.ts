import { createHash, randomBytes, X509Certificate } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import { CMS_OID } from '../formats/signatures/cms.js';
import { signCms } from './sign-cms.js';
import { fillIn, SIGNATURE_ROOM } from './sign-pdf.js';
import { valueOf, withValue } from './sign-pdf-dictionary.js';
import { readPdfFile } from './sign-pdf-file.js';
import type { TestSigner } from './test-certificate.js';
import { addToArray, addToForm, firstPage, rootOf, writeUpdate, type Changes } from './update-pdf.js';

const SHA256 = '2.16.840.1.101.3.4.2.1';

/** Adds to a signed PDF what proves its signature later on (PAdES baseline LT, ISO 32000-2 §12.8.4.3): the certificates of the signer, in a
 * security store that the catalog names. Throws SyntaxError where the PDF cannot be read. */
export function addSecurityStore(pdf: Buffer, { certificatePem, caPem }: TestSigner): Buffer {
  const file = readPdfFile(pdf);
  const first = Number(valueOf(file.trailer, 'Size'));
  const changes: Changes = new Map();
  const streams = [certificatePem, caPem].map((pem, index) => {
    const packed = deflateSync(new X509Certificate(pem).raw).toString('latin1');
    changes.set(first + index, `<< /Filter /FlateDecode /Length ${packed.length} >>\nstream\n${packed}\nendstream`);
    return `${first + index} 0 R`;
  });
  const [index, store, next] = [first + streams.length, first + streams.length + 1, first + streams.length + 2];
  const signature = /\/Contents\s*<([0-9A-F]+?)(?:00)*>/g;
  const [last] = [...pdf.toString('latin1').matchAll(signature)].slice(-1);
  const key = createHash('sha1').update(Buffer.from(last?.[1] ?? '', 'hex')).digest('hex').toUpperCase();
  changes.set(index, `<< /${key} << /Cert [${streams.join(' ')}] >> >>`);
  changes.set(store, `<< /Type /DSS /Certs [${streams.join(' ')}] /VRI ${index} 0 R >>`);
  changes.set(rootOf(file), withValue(file.object(rootOf(file)), 'DSS', `${store} 0 R`));
  return Buffer.concat([pdf, writeUpdate(file, changes, pdf, next)]);
}

/** Adds a time stamp over the whole document (ISO 32000-2 §12.8.5), as PAdES baseline LTA does. `onPage`: its field, which nothing shows, is
 * among the annotations of the first page. `at`: epoch milliseconds. Throws SyntaxError where the PDF cannot be read. */
export function stampPdf(pdf: Buffer, authority: TestSigner, at: number, { onPage = true } = {}): Buffer {
  const file = readPdfFile(pdf);
  const [stamp, field] = [Number(valueOf(file.trailer, 'Size')), Number(valueOf(file.trailer, 'Size')) + 1];
  const changes: Changes = new Map();
  const page = firstPage(file);
  if (onPage) addToArray(file, changes, page, 'Annots', `${field} 0 R`);
  addToForm(file, changes, `${field} 0 R`);
  changes.set(field, `<< /Type /Annot /Subtype /Widget /FT /Sig /T (Stamp${field}) /V ${stamp} 0 R /P ${page} 0 R /Rect [0 0 0 0] /F 132 >>`);
  changes.set(stamp, `<< /Type /DocTimeStamp /Filter /Adobe.PPKLite /SubFilter /ETSI.RFC3161 ${SIGNATURE_ROOM} >>`);
  const update = writeUpdate(file, changes, pdf, field + 1);
  return fillIn(Buffer.concat([pdf, update]), pdf.length, (digest) => timeStamp(digest, authority, at));
}

/** A token over a SHA-256 (RFC 3161 §2.4.2). */
export function timeStamp(digest: Buffer, authority: TestSigner, at: number): Buffer {
  const info = new pkijs.TSTInfo({
    version: 1, policy: '1.3.6.1.4.1.13762.3',
    messageImprint: new pkijs.MessageImprint({
      hashAlgorithm: new pkijs.AlgorithmIdentifier({ algorithmId: SHA256, algorithmParams: new asn1js.Null() }),
      hashedMessage: new asn1js.OctetString({ valueHex: new Uint8Array(digest).buffer }),
    }),
    serialNumber: new asn1js.Integer({ valueHex: new Uint8Array([0x40, ...randomBytes(7)]).buffer }),
    genTime: new Date(at),
  });
  const bytes = Buffer.from(info.toSchema().toBER());
  return signCms({ digest: createHash('sha256').update(bytes).digest(), claimsTime: true, content: { type: CMS_OID.timeStampInfo, bytes } }, authority, at);
}
