import { z } from 'zod';
import { ACT_NATURES, type ActNature } from './fields.js';

/** Settings of any platform of tele-transmission: members for the schema of a connector. */
export const teleTransmissionSettings = {
  nature: z.enum(ACT_NATURES).optional().describe('Nature of an act (1 to 6) where the step maps none.'),
  classification: z.string().regex(/^[1-9]\d?(\.[1-9]\d?){1,4}$/, 'a matter, such as 7.1').optional().describe('Matter of an act where the step maps none.'),
  signatureRequired: z.boolean().default(false).describe('Refuse a PES flow whose slips are not all signed.'),
  language: z.enum(['fr', 'en']).default('fr').describe('Language of what is said of an answer of the treasury or the prefecture.'),
};

export interface TeleTransmissionSettings {
  readonly nature?: ActNature | undefined;
  readonly classification?: string | undefined;
  readonly signatureRequired: boolean;
  readonly language: 'fr' | 'en';
}
