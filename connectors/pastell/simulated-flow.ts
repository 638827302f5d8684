import { writePesAcquit } from '../../src/formats/pes/write-acquit.js';

const ALLER = 'http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller';
const HEADER = { idPost: '034000', idColl: '21340123400019', codCol: '123', codBud: '00' } as const;

/** A PES flow of one slip that the treasury takes, in ISO-8859-1 (contracts/pes-actes-formats.md §A1, §A2). */
export function sampleFlow(nomFic: string): Buffer {
  return Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?>
<n:PES_Aller xmlns:n="${ALLER}" Id="FLUX1">
 <Enveloppe>
  <Parametres><Version V="2"/><TypFic V="PESALR2"/><NomFic V="${nomFic}"/></Parametres>
  <Emetteur><Sigle V="DEMO"/><Adresse V="LOGICIEL DE DEMONSTRATION"/></Emetteur>
 </Enveloppe>
 <EnTetePES><DteStr V="2027-02-26"/><IdPost V="${HEADER.idPost}"/><IdColl V="${HEADER.idColl}"/><CodCol V="${HEADER.codCol}"/><CodBud V="${HEADER.codBud}"/><LibelleColBud V="COMMUNE D'ÉVÊQUEMONT"/></EnTetePES>
 <PES_DepenseAller>
  <EnTeteDepense><IdVer V="2"/></EnTeteDepense>
  <Bordereau Id="BORD1">
   <BlocBordereau><Exer V="2027"/><IdBord V="1"/><DteBordEm V="2027-02-26"/><TypBord V="01"/><NbrPce V="1"/><MtCumulAnnuel V="120.00"/><MtBordHT V="120.00"/></BlocBordereau>
   <Piece>
    <BlocPiece><InfoPce><IdPce V="1"/><TypPce V="01"/><NatPce V="01"/><Obj V="RÉFECTION DE LA VOIRIE"/></InfoPce></BlocPiece>
    <LigneDePiece>
     <BlocLignePiece><InfoLignePce><IdLigne V="1"/><Nature V="60628"/><ModRegl V="03"/><TVAIntraCom V="0"/><MtHT V="120.00"/></InfoLignePce></BlocLignePiece>
     <Tiers><InfoTiers><CatTiers V="50"/><NatJur V="03"/><Nom V="ENTREPRISE DUPRÉ"/></InfoTiers></Tiers>
    </LigneDePiece>
   </Piece>
  </Bordereau>
 </PES_DepenseAller>
</n:PES_Aller>
`, 'latin1');
}

/** The acquit that accepts that flow. */
export function sampleAcquit(nomFic: string): Buffer {
  const accepted = { domain: '5', isAccepted: true, slip: { number: '1', year: '2027' }, attachment: null, market: null, errors: [], pieces: [] };
  return writePesAcquit({ nomFic, codCol: HEADER.codCol, idColl: HEADER.idColl, elements: [accepted] });
}
