import { annexesOf, categoryOf, creatorName, decisionOf, stateTitle, type ReadItem } from './read-item.js';
import type { DocumentData } from '../documents/generate-document.js';

/** What templates can print of an item, as its reader may see it: a hidden decision and confidential annexes stay out.
 * Dates are in the words and the time zone of the authority. */
export function documentData(read: ReadItem): DocumentData {
  const { item, meeting } = read;
  const reference = item.extra['itemReference'];
  return {
    title: item.title,
    reference: typeof reference === 'string' ? reference : '',
    proposingOrganisation: read.organisation?.title ?? item.proposingOrganisation,
    category: categoryOf(read).title,
    creator: creatorName(read),
    createdOn: dateFormat(read, false).format(item.createdAt),
    meeting: meeting === undefined ? '' : dateFormat(read, true).format(meeting.date),
    reviewState: stateTitle(read),
    externalIdentifier: item.externalIdentifier,
    descriptionHtml: item.description,
    detailedDescriptionHtml: item.detailedDescription,
    motivationHtml: item.motivation,
    decisionHtml: decisionOf(read),
    annexes: annexesOf(read).map(({ title, filename }) => ({ title, filename })),
  };
}

function dateFormat({ authority }: ReadItem, withTime: boolean): Intl.DateTimeFormat {
  const { language, timeZone } = authority.ws4pm;
  return new Intl.DateTimeFormat(language === 'fr' ? 'fr-BE' : 'en-GB', {
    timeZone, dateStyle: 'long', ...(withTime ? { timeStyle: 'short' } : {}),
  });
}
