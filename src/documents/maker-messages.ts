import type { TemplateFormat } from '../domain/meeting-config.js';
import type { DocumentData } from './generate-document.js';

/** One document at a time: an answer belongs to the request before it. */
export interface MakerRequest {
  readonly sourceFile: string;
  readonly format: TemplateFormat;
  readonly data: DocumentData;
}

export type MakerAnswer =
  | { readonly bytes: Uint8Array }
  /** `generation`: the template or the item is at fault and `problem` is for the caller. */
  | { readonly problem: string; readonly generation: boolean; readonly stack: string };
