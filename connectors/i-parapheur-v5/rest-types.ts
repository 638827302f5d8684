import type { DeskType } from '../../src/signature-desk/desk-types.js';

/** Identifiers as a server makes them: nothing in them says what they are of. */
export function typeId({ type }: Pick<DeskType, 'type'>): string {
  return Buffer.from(type).toString('hex').slice(0, 36);
}

export function subtypeId({ type, subtype }: Pick<DeskType, 'type' | 'subtype'>): string {
  return Buffer.from(`${subtype}/${type}`).toString('hex').slice(0, 36);
}

/** Rows of the list of types, each once. */
export function typeRows(types: readonly DeskType[]): readonly object[] {
  return [...new Map(types.map((one) => [one.type, { id: typeId(one), name: one.type }])).values()];
}

export function subtypeRows(types: readonly DeskType[], type: string): readonly object[] {
  return types.filter((one) => typeId(one) === type || one.type === type).map((one) => ({ id: subtypeId(one), name: one.subtype }));
}
