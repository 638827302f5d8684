import { DeskRefusal, type DeskFile, type DeskFolder, type NewFolder } from './desk-folder.js';
import type { DeskType } from './desk-types.js';

const PDF = 'application/pdf';
const UNSAID = {
  annexes: [], metadata: {}, visual: null, deadline: null, xpath: null, visibility: 'SERVICE', publicAnnotation: '', privateAnnotation: '', emitter: 'Service Web',
} as const;

export interface FolderParts {
  readonly id: string;
  readonly at: number;
  readonly chosen: DeskType;
}

/** A draft of what was asked for. Throws DeskRefusal for what the book does not take (contracts/iparapheur.md §1.5, §2.5). */
export function draftOf(asked: NewFolder, { id, at, chosen }: FolderParts): DeskFolder {
  const { circuit, format, type, subtype, multiDocument } = chosen;
  const { annexes, metadata, visual, deadline, xpath, visibility, publicAnnotation, privateAnnotation, emitter } = { ...UNSAID, ...asked };
  const [main, more] = multiDocument ? [asked.main, []] : [asked.main.slice(0, 1), asked.main.slice(1)];
  if (main.length === 0) throw new DeskRefusal('no-document', 'Le dossier ne contient pas de document principal.');
  requireFormat(main, chosen);
  requireMetadata(metadata, chosen);
  return {
    id, type, subtype, circuit, format, emitter, visual, visibility, deadline, publicAnnotation, privateAnnotation, metadata, xpath,
    title: asked.title === '' ? id : asked.title,
    main: main.map((document) => ({ ...fileOf(document), signatures: signaturesOf(document) })),
    originals: main.map(fileOf),
    annexes: [...annexes, ...more].map(fileOf),
    step: 0,
    state: 'draft',
    history: [{ at, actor: emitter, status: 'NonLu', annotation: '', event: 'create', step: null }],
  };
}

function signaturesOf({ signatures = [] }: NewFolder['main'][number]): readonly DeskFile[] {
  return signatures.map(fileOf);
}

function requireFormat(main: readonly DeskFile[], { format }: DeskType): void {
  for (const { filename, mediaType } of main) {
    if (format === 'pades' && mediaType !== PDF) throw new DeskRefusal('not-a-pdf', `Le document ${filename} n'est pas au format PDF, requis par la signature PAdES.`);
    if (format === 'xades' && !/[/+]xml$/.test(mediaType)) throw new DeskRefusal('not-xml', `Le document ${filename} n'est pas au format XML, requis par le type technique.`);
  }
}

/** §1.7: the English words are those of version 5. */
function requireMetadata(given: Readonly<Record<string, string>>, { metadata }: DeskType): void {
  const missing = metadata.find(({ name, required }) => required && (given[name] ?? '') === '');
  if (missing !== undefined) throw new DeskRefusal('missing-metadata', `The mandatory metadata ${missing.name} is not filled.`);
}

function fileOf({ filename, mediaType, sha256, size }: DeskFile): DeskFile {
  return { filename, mediaType, sha256, size };
}
