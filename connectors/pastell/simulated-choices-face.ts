import type { HttpReply } from '../../src/connector-kit/http-simulator.js';
import { requireEditable, requireIdle, requireMethod, type Call } from './simulated-call.js';
import { detailOf } from './simulated-detail.js';
import { stateOf, type SimulatedDocument } from './simulated-document.js';
import { setValue } from './simulated-form.js';
import { listOf, textOf, type PhpParameters } from './simulated-php.js';
import { PastellRefusal, prettyReply } from './simulated-reply.js';
import { isKnownCircuit } from './simulated-signature.js';
import { CIRCUIT, enter, typeNamed, type PastellWorld } from './simulated-world.js';

/** A field whose choices live elsewhere (contracts/pastell.md §4.3). */
interface Choice {
  readonly offered: (document: SimulatedDocument, world: PastellWorld) => unknown;
  readonly choose: (document: SimulatedDocument, given: PhpParameters, world: PastellWorld) => void;
}

const CHOICES: Readonly<Record<string, Choice>> = {
  iparapheur_sous_type: {
    offered: (_document, world) => subtypes(world),
    choose(document, given, world) {
      const chosen = textOf(given['iparapheur_sous_type']);
      if (world.release.checksCircuit && subtypes(world).length > 0 && !isKnownCircuit(chosen)) throw new PastellRefusal(400, `Le sous-type «${chosen}» n'existe pas dans le parapheur.`);
      setValue(document, 'iparapheur_sous_type', chosen);
      setValue(document, 'iparapheur_type', CIRCUIT.type);
    },
  },
  classification: {
    offered: (_document, world) => Object.fromEntries(matters(world).map((matter) => [matter, true])),
    choose(document, given) { setValue(document, 'classification', textOf(given['classif'])); },
  },
  type_piece: {
    offered: (document, world) => ({ actes_type_pj_list: Object.fromEntries(typologies(document, world)), pieces: pieces(document) }),
    choose: chooseTypology,
  },
};

export function choicesFace(document: SimulatedDocument, call: Call): HttpReply {
  const { method, path: [name = ''], world, fields, query } = call;
  requireMethod(call, 'GET', 'PATCH');
  const choice = CHOICES[name];
  if (choice === undefined || !typeNamed(document.type, world).fields.some((field) => field.name === name)) throw new PastellRefusal(404, `Le champ ${name} n'a pas de choix.`);
  if (method === 'GET') return prettyReply(choice.offered(document, world));
  requireIdle(document);
  requireEditable(document, world);
  choice.choose(document, name === 'classification' && world.release.classifiesByQuery ? query : fields, world);
  if (typeNamed(document.type, world).actions[stateOf(document).action]?.staysWhenEdited !== true) enter(document, 'modification', 'Modification du document', world);
  return prettyReply({ ...detailOf(document, world), result: 'ok' });
}

function subtypes({ mishaps }: PastellWorld): readonly string[] {
  if (mishaps.has('parapheur-down')) throw new PastellRefusal(400, 'Le parapheur ne répond pas.');
  return CIRCUIT.subtypes;
}

function matters({ state: { prefecture } }: PastellWorld): readonly string[] {
  return [...prefecture.classification().matters].filter(([path]) => path.includes('.')).map(([path, label]) => `${path} ${label}`);
}

function typologies({ values }: SimulatedDocument, { state: { prefecture } }: PastellWorld): readonly (readonly [string, string])[] {
  const nature = prefecture.classification().natures.find(({ code }) => code === values['acte_nature']);
  if (nature === undefined) throw new PastellRefusal(400, 'La nature de l\'acte n\'est pas renseignée.');
  return nature.typologies.map(({ code, label }) => [code, `${label} (${code})`]);
}

function pieces({ files }: SimulatedDocument): readonly string[] {
  return [...files['arrete'] ?? [], ...files['autre_document_attache'] ?? []].map(({ filename }) => filename);
}

/** One code for each file, in their order. */
function chooseTypology(document: SimulatedDocument, given: PhpParameters, world: PastellWorld): void {
  const codes = listOf(given['type_pj']);
  const allowed = new Map(typologies(document, world));
  const names = pieces(document);
  if (codes.length !== names.length) throw new PastellRefusal(400, `${names.length} fichiers sont à typer, ${codes.length} types ont été donnés.`);
  const wrong = codes.find((code) => !allowed.has(code));
  if (wrong !== undefined) throw new PastellRefusal(400, `Le type «${wrong}» n'existe pas pour cette nature d'acte.`);
  setValue(document, 'type_acte', codes[0] ?? '');
  setValue(document, 'type_pj', JSON.stringify(codes.slice(1)));
  setValue(document, 'type_piece', `${codes.length} fichier(s) typé(s)`);
}
