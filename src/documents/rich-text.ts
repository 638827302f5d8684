/** Rich text as both outputs print it. */

/** Text of one look; `\n` is a line break. */
export interface Run {
  readonly text: string;
  readonly bold?: boolean;
  readonly italic?: boolean;
  readonly underline?: boolean;
  readonly strike?: boolean;
  readonly script?: 'super' | 'sub';
  /** http, https or mailto. */
  readonly link?: string;
}

export type Alignment = 'left' | 'center' | 'right' | 'justify';

export interface Paragraph {
  readonly type: 'paragraph';
  /** 0: text; 1 to 6: a heading. */
  readonly level: number;
  readonly alignment: Alignment | null;
  readonly runs: readonly Run[];
}

export interface List {
  readonly type: 'list';
  readonly ordered: boolean;
  readonly start: number;
  readonly items: readonly (readonly Block[])[];
}

/** Rows as written: they may be ragged (table-grid.ts lays them out). No table holds another. */
export interface Table {
  readonly type: 'table';
  readonly rows: readonly (readonly Cell[])[];
}

export interface Cell {
  readonly header: boolean;
  readonly colSpan: number;
  readonly rowSpan: number;
  readonly blocks: readonly Block[];
}

export interface Rule {
  readonly type: 'rule';
}

export type Block = Paragraph | List | Table | Rule;

/** Word knows nine levels of a list; deeper ones join the last. */
export const MAX_LIST_DEPTH = 9;

/** Beyond it a table is no longer readable on a page. */
export const MAX_COLUMNS = 24;
