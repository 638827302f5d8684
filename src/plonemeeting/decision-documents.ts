import type { ResultDocument } from '../connector-api/connector.js';
import { toldApart } from '../domain/safe-filename.js';

const MARK = '__format__';

/** A document over there, `<template>__format__<format>`, in its two parts. */
export function documentParts(templateId: string): { readonly template: string; readonly format: string } {
  const [template = '', format = ''] = templateId.split(MARK);
  return { template, format };
}

/** Documents of one decision, each by a name of its own. */
export function withOwnNames(documents: readonly ResultDocument[]): readonly ResultDocument[] {
  const names = toldApart(documents.map(({ filename }) => filename));
  return documents.map((document, index) => ({ ...document, filename: names[index] ?? document.filename }));
}
