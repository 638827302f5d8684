/** A small PES_Retour of the expense domain: the treasury has taken one mandate (contracts/pes-actes-formats.md §A8). `at`: epoch
 * milliseconds. */
export function makeReturn(id: string, at: number): { readonly filename: string; readonly bytes: Buffer } {
  const day = new Date(at).toISOString().slice(0, 10);
  const filename = `PES2R_DEP__02_${COD_COL}_00_${POST}_${day.replaceAll('-', '')}_${id}.xml`;
  const text = `<?xml version="1.0" encoding="ISO-8859-1"?>
<n:PES_Retour xmlns:n="http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/retour">
<Enveloppe><Parametres><Version V="2"/><TypFic V="PES2R_DEP"/><NomFic V="${filename}"/></Parametres></Enveloppe>
<EnTetePES><DteStr V="${day}"/><IdPost V="${POST}"/><IdColl V="21340001700013"/><CodColl V="${COD_COL}"/><CodBud V="00"/><LibelleColBud V="Ville de d\u00e9monstration"/></EnTetePES>
<PES_DepenseRetour><EnTeteDepense><TypRestit V="02"/><IdVer V="2"/><NatInf V="01"/></EnTeteDepense>
<Bordereau><BlocBordereau><Exer V="${day.slice(0, 4)}"/><IdBord V="1"/></BlocBordereau>
<Piece><InfoPiece><IdPce V="1"/><EtatPce V="02"/></InfoPiece>
<LigneDePiece><BlocLignePiece><InfoLignePiece><IdLigne V="1"/><EtatLigPce V="02"/><DtePcePec V="${day}"/></InfoLignePiece></BlocLignePiece></LigneDePiece></Piece></Bordereau>
</PES_DepenseRetour>
</n:PES_Retour>
`;
  return { filename, bytes: Buffer.from(text, 'latin1') };
}

const COD_COL = '001';
const POST = '034000';
