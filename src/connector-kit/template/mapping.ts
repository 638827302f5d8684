import type { Submission } from '../../connector-api/connector.js';

/** An item as the service takes it. Its files are sent before, by their position. */
export interface AcmeItem {
  readonly uid: string;
  readonly title: string;
  readonly fields: Submission['fields'];
  readonly files: readonly { readonly name: string; readonly mediaType: string }[];
}

/** What the service is told of a submission. */
export function acmeItem({ item, fields }: Submission): AcmeItem {
  return {
    uid: item.uid,
    title: item.title,
    fields,
    files: item.annexes.map(({ filename, mediaType }) => ({ name: filename, mediaType })),
  };
}
