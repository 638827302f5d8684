import type { Readable } from 'node:stream';
import type { TemplateFormat } from '../domain/meeting-config.js';

/** What a template can print of an item. HTML members are rich text (paragraphs, lists, bold, links, tables). */
export interface DocumentData {
  readonly title: string;
  readonly reference: string;
  readonly proposingOrganisation: string;
  readonly category: string;
  readonly creator: string;
  readonly createdOn: string;
  readonly meeting: string;
  readonly reviewState: string;
  readonly externalIdentifier: string;
  readonly descriptionHtml: string;
  readonly detailedDescriptionHtml: string;
  readonly motivationHtml: string;
  readonly decisionHtml: string;
  readonly annexes: readonly { readonly title: string; readonly filename: string }[];
}

/** Makes documents of items. Throws RELAIS_WS4PM_GENERATION with the cause in plain words. */
export interface DocumentGenerator {
  generate(sourceFile: string, format: TemplateFormat, data: DocumentData): Promise<Readable>;
}
