import type { ConnectorContext } from '../../src/connector-api/connector.js';
import { attachmentList, createdAttachment, type AttachmentRow } from './answers.js';
import type { MaarchClient } from './client.js';
import type { Attachment } from './letter-files.js';

/** Attachments that a letter has now, but signed answers and link sheets. */
export async function attachmentsOf(client: MaarchClient, resId: number): Promise<readonly AttachmentRow[]> {
  return (await client.ask({ method: 'GET', path: `/resources/${resId}/attachments` }, attachmentList)).attachments;
}

/** Those of ours that are not there yet. Maarch keeps no key of ours that it would give back with an attachment, so that one is taken
 * for there by its title and its type, among those that came after `since`; two of one title are two. */
export function missingOf(wanted: readonly Attachment[], there: readonly AttachmentRow[], since = 0): readonly Attachment[] {
  return match(wanted, there, since).missing;
}

/** Numbers of those of ours that are there. */
export function numbersOf(wanted: readonly Attachment[], there: readonly AttachmentRow[]): readonly number[] {
  return match(wanted, there, 0).found;
}

/** Oldest first, as they were sent. */
function match(wanted: readonly Attachment[], there: readonly AttachmentRow[], since: number): { readonly missing: readonly Attachment[]; readonly found: readonly number[] } {
  const left = there.filter(({ resId }) => resId > since).toSorted((a, b) => a.resId - b.resId);
  const [missing, found]: [Attachment[], number[]] = [[], []];
  for (const attachment of wanted) {
    const at = left.findIndex((row) => nameOf(row) === nameOf(attachment));
    const [row] = at < 0 ? [] : left.splice(at, 1);
    if (row === undefined) missing.push(attachment);
    else found.push(row.resId);
  }
  return { missing, found };
}

/** Adds them one after another. */
export async function attach(client: MaarchClient, resId: number, missing: readonly Attachment[], mark: Readonly<Record<string, string>>, context: Pick<ConnectorContext, 'signal'>): Promise<void> {
  for (const { annex, title, type, format } of missing) {
    context.signal.throwIfAborted();
    await client.send({ method: 'POST', path: '/attachments', members: { resIdMaster: resId, title, type, format, externalId: mark }, file: annex }, createdAttachment);
  }
}

function nameOf({ type, title }: { readonly type: string; readonly title: string | null }): string {
  return `${type}\n${(title ?? '').trim()}`;
}
