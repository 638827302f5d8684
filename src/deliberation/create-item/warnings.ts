import type { Ws4pmSettings } from '../../domain/authority.js';
import { shown } from '../../errors.js';

/** Something about a created item that its caller should know (contracts/ws4pm.md §4.6). `annex` is the file name, or the
 * title where there is none. */
export type ItemWarning =
  | { readonly kind: 'html-changed' }
  | { readonly kind: 'annex-empty'; readonly annex: string }
  | { readonly kind: 'annex-type-refused'; readonly annex: string; readonly mediaType: string }
  | { readonly kind: 'annex-name-needed'; readonly annex: string; readonly mediaType: string }
  | { readonly kind: 'transition-unavailable'; readonly transition: string; readonly state: string; readonly needsMeeting: boolean }
  | { readonly kind: 'seen-moments-ago'; readonly earlier: string }
  /** The item is the one that the call before made. */
  | { readonly kind: 'repeated-call' }
  /** The system behind the meeting config has not answered yet. */
  | { readonly kind: 'forwarded-later' };

/** The item that warnings are about; `path` is the one of item-address.ts. */
export interface WarnedItem {
  readonly path: string;
  readonly creator: string;
  readonly configId: string;
}

type Texts = { readonly [Kind in ItemWarning['kind']]: (warning: Extract<ItemWarning, { kind: Kind }>, item: WarnedItem) => string };

const ENGLISH: Texts = {
  'html-changed': (_, { path, creator }) => `The HTML of item ${path}, created by ${creator}, was not kept exactly as received: it was completed, repaired or cleaned.`,
  'annex-empty': ({ annex }, { path }) => `Annex "${shown(annex)}" was not added to item ${path}: it is empty, so its MIME type cannot be told.`,
  'annex-type-refused': ({ annex, mediaType }, { path }) => `Annex "${shown(annex)}" was not added to item ${path}: its MIME type ${mediaType} has no known file extension.`,
  'annex-name-needed': ({ annex, mediaType }, { path }) =>
    `Annex "${shown(annex)}" was not added to item ${path}: its MIME type ${mediaType} stands for several file extensions, so a file name with an extension is needed.`,
  'transition-unavailable': ({ transition, state, needsMeeting }, { configId }) =>
    `Transition "${shown(transition)}" was skipped: the item in state "${state}" does not allow it.`
    + (needsMeeting ? ` For "${shown(transition)}", a meeting of "${configId}" that accepts items must exist.` : ''),
  'seen-moments-ago': ({ earlier }) => `The same person created an item with this externalIdentifier and title moments ago: UID ${earlier}. If this call was a repeat, there are two items now.`,
  'repeated-call': () => 'This call came before, moments ago, and made this item: no second one was made.',
  'forwarded-later': (_, { configId }) => `The item is kept. The system behind "${configId}" has not answered yet: it gets the item as soon as it can, and getItemInfos tells whether it has it.`,
};

const FRENCH: Texts = {
  'html-changed': (_, { path, creator }) => `Le HTML du point ${path}, créé par ${creator}, n’a pas été gardé exactement tel que reçu : il a été complété, réparé ou nettoyé.`,
  'annex-empty': ({ annex }, { path }) => `L’annexe « ${shown(annex)} » n’a pas été ajoutée au point ${path} : elle est vide, son type MIME ne peut donc pas être déterminé.`,
  'annex-type-refused': ({ annex, mediaType }, { path }) => `L’annexe « ${shown(annex)} » n’a pas été ajoutée au point ${path} : son type MIME ${mediaType} n’a pas d’extension de fichier connue.`,
  'annex-name-needed': ({ annex, mediaType }, { path }) =>
    `L’annexe « ${shown(annex)} » n’a pas été ajoutée au point ${path} : son type MIME ${mediaType} correspond à plusieurs extensions, il faut un nom de fichier avec extension.`,
  'transition-unavailable': ({ transition, state, needsMeeting }, { configId }) =>
    `La transition « ${shown(transition)} » n’a pas été exécutée : le point dans l’état « ${state} » ne la permet pas.`
    + (needsMeeting ? ` Pour « ${shown(transition)} », il faut une séance de « ${configId} » qui accepte des points.` : ''),
  'seen-moments-ago': ({ earlier }) => `La même personne a créé il y a un instant un point avec cet externalIdentifier et ce titre : UID ${earlier}. Si cet appel était une répétition, il y a maintenant deux points.`,
  'repeated-call': () => 'Cet appel est déjà arrivé il y a un instant et a créé ce point : aucun second point n’a été créé.',
  'forwarded-later': (_, { configId }) => `Le point est conservé. Le système derrière « ${configId} » n’a pas encore répondu : le point lui sera transmis dès que possible, et getItemInfos dit s’il l’a reçu.`,
};

/** The warning in words. */
export function warningText(warning: ItemWarning, item: WarnedItem, language: Ws4pmSettings['language']): string {
  const texts = language === 'fr' ? FRENCH : ENGLISH;
  const text = texts[warning.kind] as (warning: ItemWarning, item: WarnedItem) => string;
  return text(warning, item);
}
