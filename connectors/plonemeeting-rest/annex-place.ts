import type { AnnexElement } from './elements.js';

/** Where the bytes of an annex are. */
export interface AnnexPlace {
  readonly download: string;
}

export function annexPlace({ file }: AnnexElement): AnnexPlace {
  return { download: file?.download ?? '' };
}

/** As it was kept: null for what is none of ours, or for an annex without a file. */
export function placeOf(kept: unknown): AnnexPlace | null {
  if (typeof kept !== 'object' || kept === null || !('download' in kept)) return null;
  const { download } = kept;
  return typeof download === 'string' && download !== '' ? { download } : null;
}
