import type { Letter } from '../../src/state-desk/exchange.js';
import { newDocument, type DocumentFile, type SimulatedDocument } from './simulated-document.js';
import type { LETTERS } from './simulated-fields.js';
import { setValue } from './simulated-form.js';
import { newId } from './simulated-ids.js';
import { localTime } from './simulated-time.js';
import { LETTER_TYPE, RETURN_TYPE } from './simulated-types.js';
import { ENTITY, enter, note, type PastellWorld } from './simulated-world.js';

/** Fetches what the State sent unasked: a document for each file of the treasury and, in versions that have a type of document for them, for
 * each letter of the prefecture (contracts/pastell.md §5.5). */
export async function collectReturns(world: PastellWorld): Promise<void> {
  const { state: { treasury, prefecture } } = world;
  for (const { id, at, file } of treasury.returns(ENTITY.siren)) {
    const document = imported(RETURN_TYPE, 'PES Retour importé', world);
    setValue(document, 'objet', file.filename);
    setValue(document, 'id_retour', id);
    setValue(document, 'date_tdt', dayOf(at));
    document.files['fichier_pes'] = [plain(file)];
    await treasury.markRead(id);
  }
  if (!world.types.has(LETTER_TYPE)) return;
  for (const letter of prefecture.unread(ENTITY.siren)) {
    importLetter(letter, world);
    await prefecture.markRead(letter.id);
  }
}

/** Kinds of letters as their messages are numbered (contracts/pes-actes-formats.md §B3). */
const KINDS: Readonly<Record<Letter['letter'], { readonly number: string; readonly field: (typeof LETTERS)[number] }>> = {
  simple: { number: '2', field: 'courrier_simple' }, pieces: { number: '3', field: 'demande_piece_complementaire' },
  observations: { number: '4', field: 'lettre_observation' }, court: { number: '5', field: 'defere_tribunal_administratif' },
};

function importLetter(letter: Letter, world: PastellWorld): void {
  const act = world.state.prefecture.find(letter.about);
  const document = imported(LETTER_TYPE, 'Réponse de la préfecture importée', world);
  if (act?.kind === 'act') {
    setValue(document, 'acte_nature', act.nature);
    setValue(document, 'numero_de_lacte', act.number);
  }
  setValue(document, 'type_reponse', KINDS[letter.letter].number);
  setValue(document, 'related_transaction_id', letter.about);
  setValue(document, 'transaction_id', letter.id);
  setValue(document, 'date', letter.date);
  document.files['reponse_prefecture'] = [plain(letter.archive)];
  enter(document, 'attente-reponse-prefecture', 'Une réponse de la préfecture est disponible', world);
  const about = [...world.ledger.documents.values()].find(({ values }) => values['tedetis_transaction_id'] === letter.about);
  if (about !== undefined) setValue(about, 'has_reponse_prefecture', '1');
}

/** Older versions: the letters about an act come into its own document, once somebody asks. False where there are none. */
export async function fetchLetters(document: SimulatedDocument, { state: { prefecture } }: PastellWorld): Promise<boolean> {
  const letters = prefecture.unread(ENTITY.siren).filter(({ about }) => about === document.values['tedetis_transaction_id']);
  for (const { id, letter, date, archive } of letters) {
    const { field } = KINDS[letter];
    setValue(document, `has_${field}`, '1');
    setValue(document, `${field}_id`, id);
    setValue(document, `${field}_date`, date);
    document.files[field] = [plain(archive)];
    await prefecture.markRead(id);
  }
  return letters.length > 0;
}

function imported(type: string, message: string, world: PastellWorld): SimulatedDocument {
  const document = newDocument({ id: newId(world), entity: ENTITY.id, type, at: world.clock.now() });
  world.ledger.documents.set(document.id, document);
  note(document, 1, 'creation', message, world);
  return document;
}

function plain({ filename, sha256, size }: DocumentFile): DocumentFile {
  return { filename, sha256, size };
}

function dayOf(at: number): string {
  return localTime(at).slice(0, '2027-03-01'.length);
}
