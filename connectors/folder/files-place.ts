import path from 'node:path';
import type { Submission } from '../../src/connector-api/connector.js';
import { markedFilename, safeFilename } from '../../src/domain/safe-filename.js';
import type { Annex, Item } from '../../src/domain/item.js';
import { pathElement } from '../../src/formats/item-files.js';
import type { FolderSettings } from './config.js';

/** A file that is to be written, under the name that it has unless another one has it. */
export interface PlannedFile {
  readonly name: string;
  readonly content: Annex | string;
}

/** Where the files of one submission go. */
export interface FilesPlace {
  readonly root: string;
  /** Files that are not in their place yet; it stands while one is left. */
  readonly drafts: string;
  /** What is left where all are in their place: it says so. */
  readonly sent: string;
}

export function filesPlace({ key }: Submission, settings: FolderSettings): FilesPlace {
  const root = path.resolve(settings.path);
  return { root, drafts: path.join(root, '.drafts', pathElement(key)), sent: path.join(root, '.sent', `${pathElement(key)}.json`) };
}

/** The files of the item that the settings want and, where a step was rejected, a text that says why. */
export function plannedFiles(submission: Submission, { roles, language }: FolderSettings): PlannedFile[] {
  const { item } = submission;
  const files = item.annexes.filter(({ role }) => roles.length === 0 || (role !== undefined && roles.includes(role)))
    .map((annex) => ({ name: visibleName(annex.filename), content: annex }));
  const reason = rejectionText(submission, language);
  return reason === null ? files : [...files, { name: markedFilename(files[0]?.name ?? visibleName(ownFile(item)), '', '.reason.txt'), content: reason }];
}

/** Of what came with the item, not of what was brought back. */
function ownFile({ annexes, title }: Item): string {
  return annexes.find(({ role }) => role === undefined)?.filename ?? title;
}

/** Readers pass over what is hidden. */
function visibleName(given: string): string {
  return (safeFilename(given) ?? 'document').replace(/^\.+/, '_');
}

/** What rejected steps said, all lines of it; null where none was rejected. */
function rejectionText({ item, results }: Submission, language: FolderSettings['language']): string | null {
  const rejected = Object.values(results).filter(({ state }) => state === 'rejected');
  if (rejected.length === 0) return null;
  const said = rejected.flatMap(({ reason, fields: { summary, rejected: parts } }) =>
    (Array.isArray(parts) && parts.length > 0 ? [...(typeof summary === 'string' ? [summary] : []), ...parts.map((part) => `- ${part}`)] : (reason ?? '').split('\n')));
  return `${[language === 'fr' ? `${item.title} : rejeté.` : `${item.title}: rejected.`, ...said].join('\r\n')}\r\n`;
}
