import type { Readable } from 'node:stream';
import type { DeliberationContext } from './context.js';
import { documentData } from './document-data.js';
import type { ReadItem } from './read-item.js';
import type { DocumentTemplate } from '../domain/meeting-config.js';
import { RelaisError, shown } from '../errors.js';

/** Between a template's id and a format (contracts/ws4pm.md §5.1). */
const FORMAT_MARK = '__format__';

/** A template in one of its formats, as `showTemplates` lists it. */
export interface OfferedTemplate {
  readonly template: DocumentTemplate;
  readonly format: string;
  /** `<template id>__format__<format>`, as getItemTemplate takes it. */
  readonly templateId: string;
}

/** What can be made of the item, template by template and format by format. */
export function offeredTemplates(read: ReadItem): readonly OfferedTemplate[] {
  return generable(read).flatMap((template) => template.formats.map((format) => ({
    template, format, templateId: `${template.id}${FORMAT_MARK}${format}`,
  })));
}

/** Makes the document that `templateId` names; a bare template id means its first format, as clients up to 1.5 ask.
 * Throws RELAIS_WS4PM_TEMPLATE if the template is not offered for this item, RELAIS_WS4PM_GENERATION with a message that
 * begins with `Exception` if the format is not or if making it fails (contracts/ws4pm.md §5.1). */
export async function makeDocument(context: DeliberationContext, read: ReadItem, templateId: string | undefined): Promise<Readable> {
  const { id, format: wanted } = splitTemplateId(templateId ?? '');
  const template = generable(read).find((one) => one.id === id);
  if (template === undefined) {
    throw new RelaisError('RELAIS_WS4PM_TEMPLATE', `templateId: found ${shown(templateId)}, expected one of those that getItemInfos lists for this item.`);
  }
  const format = wanted === undefined ? template.formats[0] : template.formats.find((one) => one === wanted);
  if (format === undefined) {
    throw generationError(id, shown(wanted), `expected one of ${template.formats.join(', ')}`);
  }
  try {
    return await context.documents.generate(template.sourceFile, format, documentData(read));
  } catch (error) {
    if (!(error instanceof RelaisError) || error.code !== 'RELAIS_WS4PM_GENERATION') throw error;
    throw generationError(id, format, error.message.replace(/^Exception:? */, ''), error);
  }
}

function generable({ config, item }: ReadItem): readonly DocumentTemplate[] {
  return config?.templates.filter((template) => template.enabled && template.appliesTo === 'item'
    && (template.states.length === 0 || template.states.includes(item.reviewState))) ?? [];
}

function splitTemplateId(templateId: string): { id: string; format: string | undefined } {
  const mark = templateId.lastIndexOf(FORMAT_MARK);
  if (mark === -1) return { id: templateId, format: undefined };
  return { id: templateId.slice(0, mark), format: templateId.slice(mark + FORMAT_MARK.length) };
}

function generationError(id: string, format: string, cause: string, error?: RelaisError): RelaisError {
  return new RelaisError('RELAIS_WS4PM_GENERATION', `Exception: template ${id}, format ${format}: ${cause}`, { cause: error });
}
