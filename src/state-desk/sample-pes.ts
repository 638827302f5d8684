/** A PES flow of a town that does not exist, for rehearsals. */
export interface SamplePes {
  readonly filename: string;
  readonly nomFic: string;
  readonly codCol: string;
  readonly idColl: string;
  readonly content: Buffer;
}

const COD_COL = '001';
const ID_COLL = '21340001700013';

/** A small flow with three slips of one mandate each; `number` makes its name unlike the others. */
export function samplePes(number: number): SamplePes {
  const nomFic = `PESALR2_${ID_COLL}_270301_${String(number).padStart(3, '0')}`;
  const text = `<?xml version="1.0" encoding="ISO-8859-1"?>
<n:PES_Aller xmlns:n="http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller" Id="FLUX${number}">
<Enveloppe><Parametres><Version V="2"/><TypFic V="PESALR2"/><NomFic V="${nomFic}"/></Parametres><Emetteur><Sigle V="RELAIS"/><Adresse V="Répétition"/></Emetteur></Enveloppe>
<EnTetePES><DteStr V="2027-03-01"/><IdPost V="034000"/><IdColl V="${ID_COLL}"/><CodCol V="${COD_COL}"/><CodBud V="00"/><LibelleColBud V="Ville de démonstration"/></EnTetePES>
<PES_DepenseAller><EnTeteDepense><IdVer V="2"/><InfoDematerialisee V="0"/></EnTeteDepense>
${[1, 2, 3].map((slip) => slipText(number * 10 + slip)).join('\n')}
</PES_DepenseAller>
</n:PES_Aller>
`;
  return { filename: `${nomFic}.xml`, nomFic, codCol: COD_COL, idColl: ID_COLL, content: Buffer.from(text, 'latin1') };
}

function slipText(number: number): string {
  return `<Bordereau Id="BORD${number}"><BlocBordereau><Exer V="2027"/><IdBord V="${number}"/><DteBordEm V="2027-03-01"/><TypBord V="01"/><NbrPce V="1"/><MtCumulAnnuel V="120.50"/><MtBordHT V="120.50"/></BlocBordereau>
<Piece><BlocPiece><InfoPce><IdPce V="${number}"/><TypPce V="01"/><NatPce V="01"/><Obj V="Réfection de la voirie"/></InfoPce></BlocPiece>
<LigneDePiece><BlocLignePiece><InfoLignePce><IdLigne V="1"/><Nature V="60628"/><ModRegl V="03"/><TVAIntraCom V="0"/><MtHT V="120.50"/></InfoLignePce></BlocLignePiece></LigneDePiece></Piece></Bordereau>`;
}
