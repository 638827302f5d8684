import { gzipSync } from 'node:zlib';

export interface PesFileOptions {
  readonly nomFic: string;
  readonly codCol?: string;
  readonly idPost?: string;
  readonly idColl?: string;
  readonly codBud?: string;
  readonly budgetLabel?: string;
  readonly slips?: number;
  readonly piecesPerSlip?: number;
  /** Slips are written until the file has so many bytes, whatever `slips` says. */
  readonly bytes?: number;
  /** Root and slips have an Id, as signing needs. */
  readonly ids?: boolean;
  /** Declared, and written so. */
  readonly encoding?: 'ISO-8859-1' | 'UTF-8';
  /** What the treasury's switch says. */
  readonly dematerialised?: '0' | '1';
  /** Attachments (PJ), each referred to by a piece of the first slip. */
  readonly attachments?: number;
  /** Of one attachment, before it is compressed. Its content does not compress. */
  readonly attachmentBytes?: number;
}

const ALLER = 'http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller';
const CHUNK = 65_536;

/** A PES file that is valid by the schema 5.17. The same options give the same bytes. */
export function pesFile(options: PesFileOptions): Buffer {
  return Buffer.from([...parts(options)].join(''), charsetOf(options));
}

/** As `pesFile`, in chunks, so that it may be of any size. */
export async function* pesFileStream(options: PesFileOptions): AsyncGenerator<Buffer> {
  let text = '';
  for (const part of parts(options)) {
    text += part;
    if (text.length < CHUNK) continue;
    for (const piece of pieces(text)) yield await Promise.resolve(Buffer.from(piece, charsetOf(options)));
    text = '';
  }
  yield Buffer.from(text, charsetOf(options));
}

function* pieces(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += CHUNK) yield text.slice(at, at + CHUNK);
}

function charsetOf({ encoding }: PesFileOptions): 'latin1' | 'utf8' {
  return encoding === 'UTF-8' ? 'utf8' : 'latin1';
}

function* parts(options: PesFileOptions): Generator<string> {
  let written = 0;
  const count = (text: string): string => {
    written += text.length;
    return text;
  };
  yield count(beginning(options));
  const isEnough = (slip: number): boolean => (options.bytes === undefined ? slip > (options.slips ?? 1) : written >= options.bytes);
  for (let slip = 1; slip === 1 || !isEnough(slip); slip += 1) yield count(slipText(slip, options));
  yield ' </PES_DepenseAller>\n';
  yield* attachmentTexts(options);
  yield '</n:PES_Aller>\n';
}

function beginning({ nomFic, codCol = '123', idPost = '034000', idColl = '12345678912345', codBud = '00', budgetLabel = 'COMMUNE D\'ÉVÊQUEMONT', ids = true, encoding = 'ISO-8859-1', dematerialised = '0' }: PesFileOptions): string {
  return `<?xml version="1.0" encoding="${encoding}"?>\n<n:PES_Aller xmlns:n="${ALLER}"${ids ? ' Id="FLUX1"' : ''}>\n`
    + ` <Enveloppe>\n  <Parametres>\n   <Version V="2"/>\n   <TypFic V="PESALR2"/>\n   <NomFic V="${nomFic}"/>\n  </Parametres>\n`
    + '  <Emetteur>\n   <Sigle V="EDITEUR"/>\n   <Adresse V="LOGICIEL 1.0"/>\n  </Emetteur>\n </Enveloppe>\n'
    + ` <EnTetePES>\n  <DteStr V="2026-11-20"/>\n  <IdPost V="${idPost}"/>\n  <IdColl V="${idColl}"/>\n  <CodCol V="${codCol}"/>\n  <CodBud V="${codBud}"/>\n`
    + `  <LibelleColBud V="${budgetLabel}"/>\n </EnTetePES>\n <PES_DepenseAller>\n  <EnTeteDepense>\n   <IdVer V="2"/>\n   <InfoDematerialisee V="${dematerialised}"/>\n  </EnTeteDepense>\n`;
}

function slipText(slip: number, { piecesPerSlip = 2, ids = true, attachments = 0, nomFic }: PesFileOptions): string {
  const amounts = Array.from({ length: piecesPerSlip }, (_, piece) => 1_000 + ((slip * 37 + piece * 11) % 9_000));
  const total = amounts.reduce((sum, cents) => sum + cents, 0);
  const references = slip === 1 ? Array.from({ length: attachments }, (_, at) => `    <PJRef>\n     <Support V="01"/>\n     <IdUnique V="${uniqueId(nomFic, at)}"/>\n    </PJRef>\n`).join('') : '';
  return `  <Bordereau${ids ? ` Id="BORD${slip}"` : ''}>\n   <BlocBordereau>\n    <Exer V="2026"/>\n    <IdBord V="${slip}"/>\n    <DteBordEm V="2026-11-19"/>\n    <TypBord V="01"/>\n`
    + `    <NbrPce V="${piecesPerSlip}"/>\n    <MtCumulAnnuel V="${euros(total * slip)}"/>\n    <MtBordHT V="${euros(total)}"/>\n   </BlocBordereau>\n`
    + amounts.map((cents, at) => pieceText(((slip * piecesPerSlip + at) % 99_999_999) + 1, cents, at === 0 ? references : '')).join('')
    + '  </Bordereau>\n';
}

function pieceText(number: number, cents: number, references: string): string {
  return `   <Piece>\n    <BlocPiece>\n     <InfoPce>\n      <IdPce V="${number}"/>\n      <TypPce V="01"/>\n      <NatPce V="01"/>\n      <Obj V="RÉFECTION DE LA VOIRIE ${number}"/>\n${references}     </InfoPce>\n    </BlocPiece>\n`
    + '    <LigneDePiece>\n     <BlocLignePiece>\n      <InfoLignePce>\n       <IdLigne V="1"/>\n       <Nature V="60628"/>\n       <Fonction V="64"/>\n'
    + `       <LibVir1 V="FACTURE ${number}"/>\n       <ModRegl V="03"/>\n       <TVAIntraCom V="0"/>\n       <MtHT V="${euros(cents)}"/>\n      </InfoLignePce>\n     </BlocLignePiece>\n`
    + '     <Tiers>\n      <InfoTiers>\n       <RefTiers V="4078"/>\n       <CatTiers V="50"/>\n       <NatJur V="03"/>\n       <Nom V="ENTREPRISE DUPRÉ"/>\n      </InfoTiers>\n'
    + '      <Adresse>\n       <TypAdr V="1"/>\n       <Adr2 V="ZI LA LANDE DU MOULIN"/>\n       <CP V="56803"/>\n       <Ville V="PLOËRMEL"/>\n       <CodRes V="0"/>\n      </Adresse>\n'
    + '      <CpteBancaire>\n       <BIC V="SOGEFRPPXXX"/>\n       <IBAN V="FR7630001007941234567890185"/>\n       <TitCpte V="ENTREPRISE DUPRE"/>\n      </CpteBancaire>\n     </Tiers>\n    </LigneDePiece>\n   </Piece>\n';
}

function* attachmentTexts({ nomFic, attachments = 0, attachmentBytes = 10_000 }: PesFileOptions): Generator<string> {
  if (attachments === 0) return;
  yield ' <PES_PJ>\n  <EnTetePES_PJ>\n   <IdVer V="1"/>\n  </EnTetePES_PJ>\n';
  for (let at = 0; at < attachments; at += 1) {
    yield '  <PJ>\n   <Contenu>\n    <Fichier MIMEType="application/pdf">';
    yield gzipSync(noise(attachmentBytes, at + 1), { level: 1 }).toString('base64');
    yield `</Fichier>\n   </Contenu>\n   <IdUnique V="${uniqueId(nomFic, at)}"/>\n   <NomPJ V="facture${at + 1}.pdf"/>\n   <TypePJ V="003"/>\n   <Description V="Facture ${at + 1}"/>\n  </PJ>\n`;
  }
  yield ' </PES_PJ>\n';
}

function uniqueId(nomFic: string, at: number): string {
  return `${nomFic.replace(/[^A-Za-z0-9]/g, '').slice(0, 40)}PJ${at + 1}`;
}

function euros(cents: number): string {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
}

/** Bytes that do not compress, the same each time. */
function noise(length: number, seed: number): Buffer {
  const words = new Uint32Array(Math.ceil(length / 4));
  let state = seed * 2_654_435_761 >>> 0 || 1;
  for (let at = 0; at < words.length; at += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[at] = state;
  }
  return Buffer.from(words.buffer, 0, length);
}
