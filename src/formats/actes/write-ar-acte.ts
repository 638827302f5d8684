import type { ActeContent } from './acte-message.js';
import { attributes, buildMessage, childrenOf, type Built } from './build-message.js';

/** The acknowledgement of an act, message 1-2 (contracts/pes-actes-formats.md §B4). `receivedOn` is `2027-03-01`. */
export function writeArActe({ actId, receivedOn, act, classificationDate = act.classificationDate }: {
  readonly actId: string; readonly receivedOn: string; readonly act: ActeContent; readonly classificationDate?: string | null;
}): Buffer {
  return buildMessage('ARActe', { ...attributes({ DateReception: receivedOn, IDActe: actId }), ...childrenOf({ ActeRecu: actContent(act), ClassificationDateVersionEnCours: classificationDate }) });
}

/** An anomaly, message 1-3. `nature` has three digits. */
export function writeAnomalieActe({ on, nature, detail, act, classificationDate = act.classificationDate }: {
  readonly on: string; readonly nature: string; readonly detail: string | null; readonly act: ActeContent; readonly classificationDate?: string | null;
}): Buffer {
  return buildMessage('AnomalieActe', childrenOf({ Date: on, Nature: nature, Detail: detail, ActeRecu: actContent(act), ClassificationDateVersionEnCours: classificationDate }));
}

/** An act, message 1-1, as the platform makes it. */
export function writeActe(act: ActeContent): Buffer {
  return buildMessage('Acte', actContent(act));
}

/** The acknowledgement of a cancellation, message 6-2. */
export function writeArAnnulation({ actId, receivedOn }: { readonly actId: string; readonly receivedOn: string }): Buffer {
  return buildMessage('ARAnnulation', attributes({ DateReception: receivedOn, IDActe: actId }));
}

function actContent({ decisionDate, number, nature, classification, subject, classificationDate, files: [main, ...annexes], paperFollows }: ActeContent): Built {
  const levels = classification?.split('.') ?? [];
  return {
    ...attributes({ Date: decisionDate, NumeroInterne: number, CodeNatureActe: nature }),
    ...childrenOf({
      ...Object.fromEntries(levels.map((code, index) => [`CodeMatiere${index + 1}`, attributes({ CodeMatiere: code })])),
      Objet: subject, ClassificationDateVersion: classificationDate,
      Document: main === undefined ? null : namedFile(main),
      Annexes: { ...attributes({ Nombre: String(annexes.length) }), ...childrenOf({ Annexe: annexes.length === 0 ? null : annexes.map(namedFile) }) },
      DocumentPapier: paperFollows ? 'O' : 'N',
    }),
  };
}

/** A file as messages name it. */
export function namedFile(name: string): Built {
  return childrenOf({ NomFichier: name });
}
