import { z } from 'zod';
import { EXPECTATIONS, VISIBILITIES } from './fields.js';

const DAY_MS = 86_400_000;

function certificate(): z.ZodString {
  return z.string().regex(/^\s*-----BEGIN CERTIFICATE-----/, 'a PEM certificate (give it as ${file:/path})');
}

/** Settings of any signature book: members for the schema of a connector. */
export const signatureSettings = {
  type: z.string().min(1).optional().describe('Type of a folder where the step maps none.'),
  subtype: z.string().min(1).optional().describe('Sub-type of a folder where the step maps none.'),
  visibility: z.enum(VISIBILITIES).default('SERVICE').describe('Who may see a folder where the step does not say it.'),
  expects: z.enum(EXPECTATIONS).default('signature').describe('signature: the circuit ends with a signature, which is looked for. visa: people have only seen it.'),
  afterwards: z.enum(['keep', 'archive', 'delete']).default('keep').describe('What becomes of the folder over there once all that it gave is kept here. keep: nothing.'),
  verification: z.enum(['required', 'report', 'off']).default('required').describe('required: a document whose signature does not hold is not taken for signed, and a person must look. report: it is taken, and the item says what was found. off: the other side is believed.'),
  paper: z.enum(['refuse', 'accept']).default('refuse').describe('A document that was signed on paper has no electronic signature: refuse it where verification is required, or accept it.'),
  trustedSigners: z.array(certificate()).default([]).describe('Certificates of the authorities below which signers must stand; none: any, with a remark.'),
  lostAfterMs: z.int().min(0).default(DAY_MS).describe('A folder that is not found over there is given up when it is still missing so long after it was first missed, milliseconds.'),
};

export interface SignatureSettings {
  readonly type?: string | undefined;
  readonly subtype?: string | undefined;
  readonly visibility: (typeof VISIBILITIES)[number];
  readonly expects: (typeof EXPECTATIONS)[number];
  readonly afterwards: 'keep' | 'archive' | 'delete';
  readonly verification: 'required' | 'report' | 'off';
  readonly paper: 'refuse' | 'accept';
  readonly trustedSigners: readonly string[];
  readonly lostAfterMs: number;
}
