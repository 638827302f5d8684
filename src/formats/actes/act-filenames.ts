import { composeActId, type ActIdParts } from './act-id.js';

/** `1-1` is an act, `1-2` its acknowledgement (contracts/pes-actes-formats.md §B3). */
export type MessageCode = `${number}-${number}`;

/** Name of the business XML of a message: `034-491011698-20270301-12-DE-1-1_0.xml`. */
export function messageFilename(act: ActIdParts, code: MessageCode): string {
  return `${composeActId(act)}-${code}_0.xml`;
}

/** Name of a document of a message, `99_DE-034-491011698-20270301-12-DE-1-1_1.pdf`. `index`: 1 is the main document, annexes follow. */
export function documentFilename(act: ActIdParts, code: MessageCode, { typology, index, extension }: { readonly typology: string; readonly index: number; readonly extension: string }): string {
  return `${typology}-${composeActId(act)}-${code}_${index}.${extension}`;
}

/** Name of the archive of a message, `SLO-EACT--491011698--20270301-3.tar.gz`, and of its envelope. `serial` counts per authority and day. */
export function archiveFilenames({ operator, application, siren, day, serial }: {
  /** Three letters of the platform. */
  readonly operator: string;
  readonly application: 'EACT' | 'TACT';
  readonly siren: string;
  /** `2027-03-01`. */
  readonly day: string;
  readonly serial: number;
}): { readonly archive: string; readonly envelope: string } {
  const stem = `${application}--${siren}--${day.replaceAll('-', '')}-${serial}`;
  return { archive: `${operator}-${stem}.tar.gz`, envelope: `${stem}.xml` };
}

/** True for the name of an envelope of the State, `EACT--PREF034-491011698-20270301-3.xml`, or of a refused one. */
export function isEnvelopeFilename(name: string): boolean {
  return /^(?:ANO_)?[ET]ACT--.*\.xml$/i.test(name);
}
