import type { Readable } from 'node:stream';
import { documentData } from './document-data.js';
import type { ReadItem } from './read-item.js';
import type { DocumentGenerator } from '../documents/generate-document.js';
import type { DocumentTemplate } from '../domain/meeting-config.js';
import { RelaisError, shown } from '../errors.js';

/** Between a template's id and a format (contracts/ws4pm.md §5.1). */
const FORMAT_MARK = '__format__';

/** A document that can be made of an item, in one format, as `showTemplates` lists it. */
export interface OfferedTemplate {
  readonly title: string;
  readonly format: string;
  /** `<template id>__format__<format>`, as getItemTemplate takes it. */
  readonly templateId: string;
  /** Of the source file, with its own ending whatever the format. */
  readonly filename: string;
}

/** What can be made of the item, template by template and format by format. What the system behind offers comes in place of what is
 * declared here; where it offers nothing, or cannot be asked, that stays: clients stumble over an item without any
 * (contracts/wsclient.md §4). */
export function offeredTemplates(read: ReadItem): readonly OfferedTemplate[] {
  const offered = read.upstream?.templates ?? [];
  return offered.length > 0 ? offered : declaredTemplates(read);
}

function declaredTemplates(read: ReadItem): OfferedTemplate[] {
  return generable(read).flatMap(({ id, title, formats, sourceFile }) => formats.map((format) => ({
    title, format, templateId: `${id}${FORMAT_MARK}${format}`, filename: sourceFile.split(/[\\/]/).at(-1) ?? '',
  })));
}

/** The template among those offered that `templateId` names, where a bare id means its first format; undefined if none is. */
export function namedTemplate(offered: readonly OfferedTemplate[], templateId: string): OfferedTemplate | undefined {
  return offered.find((one) => one.templateId === templateId) ?? offered.find((one) => one.templateId.startsWith(`${templateId}${FORMAT_MARK}`));
}

/** Makes a document of a declared template here, as Backend.makeDocument says. */
export async function makeDocument(documents: DocumentGenerator, read: ReadItem, templateId: string | undefined): Promise<Readable> {
  const { id, format: wanted } = splitTemplateId(templateId ?? '');
  const template = generable(read).find((one) => one.id === id);
  if (template === undefined) throw templateNotOffered([], templateId);
  const format = wanted === undefined ? template.formats[0] : template.formats.find((one) => one === wanted);
  if (format === undefined) {
    throw generationError(id, shown(wanted), `expected one of ${template.formats.join(', ')}`);
  }
  try {
    return await documents.generate(template.sourceFile, format, documentData(read));
  } catch (error) {
    if (!(error instanceof RelaisError) || error.code !== 'RELAIS_WS4PM_GENERATION') throw error;
    throw generationError(id, format, error.message.replace(/^Exception:? */, ''), error);
  }
}

/** The refusal of a `templateId` that is not offered for the item: of its format where the template itself is, as clients tell these two
 * apart (contracts/ws4pm.md §5.1). */
export function templateNotOffered(offered: readonly OfferedTemplate[], templateId: string | undefined): RelaisError {
  const { id, format = '' } = splitTemplateId(templateId ?? '');
  const formats = offered.filter((one) => splitTemplateId(one.templateId).id === id).map((one) => one.format);
  if (formats.length > 0) return generationError(id, shown(format), `expected one of ${formats.join(', ')}`);
  return new RelaisError('RELAIS_WS4PM_TEMPLATE', `templateId: found ${shown(templateId)}, expected one of those that getItemInfos lists for this item.`);
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

/** What is said where making a document failed; the clients look for the first word (contracts/ws4pm.md §5.1). */
export function generationError(id: string, format: string, cause: string, error?: unknown): RelaisError {
  return new RelaisError('RELAIS_WS4PM_GENERATION', `Exception: template ${id}, format ${format}: ${cause}`, { cause: error });
}
