/** What the unique identifier of an act is made of (contracts/pes-actes-formats.md §B1, §B3). */
export interface ActIdParts {
  /** Three characters, `034` or `02A`. */
  readonly department: string;
  readonly siren: string;
  /** `2027-03-01`. */
  readonly decisionDate: string;
  readonly number: string;
  /** Short name of the nature, `DE`. */
  readonly nature: string;
}

/** The number may hold dashes and spaces, as the schema of the ministry lets it. */
const ACT_ID = /^([09]\d[0-9AB])-(\d{9})-(\d{4})(\d{2})(\d{2})-((?:[A-Za-z0-9][A-Za-z0-9_ -]{0,13})?[A-Za-z0-9])-([A-Z]{2})$/;

/** `034-491011698-20270301-2027_12-DE`. */
export function composeActId({ department, siren, decisionDate, number, nature }: ActIdParts): string {
  return `${department}-${siren}-${decisionDate.replaceAll('-', '')}-${number}-${nature}`;
}

/** The parts of an IDActe; null for what is none. */
export function parseActId(text: string): ActIdParts | null {
  const [, department = '', siren = '', year = '', month = '', day = '', number = '', nature = ''] = ACT_ID.exec(text.trim()) ?? [];
  return department === '' ? null : { department, siren, decisionDate: `${year}-${month}-${day}`, number, nature };
}
