import { createHash } from 'node:crypto';
import { signCms } from './sign-cms.js';
import type { TestSigner } from './test-certificate.js';

/** The detached signature of a document: PKCS#7 in DER, as a `.p7s` file holds it. `at`: epoch milliseconds. */
export function signDetached(content: Buffer, signer: TestSigner, at: number): Promise<Buffer> {
  return Promise.resolve().then(() => signCms({ digest: createHash('sha256').update(content).digest(), claimsTime: true }, signer, at));
}
