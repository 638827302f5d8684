/** The first file of an export, for whoever opens it. */
export const EXPORT_README = `FRANÇAIS
Cette archive prouve ce qui est arrivé à un point. Pour la vérifier (bash, sha256sum, openssl) :
    bash verify.sh            avec le certificat joint de l'autorité d'horodatage
    bash verify.sh CA.pem     avec celui que vous avez obtenu vous-même, ce qui vaut mieux
item.json        le point : identifiants, états, dates, fichiers (ses textes n'y sont pas)
deliveries.json  ses transmissions, avec la référence donnée par chaque destinataire
entries/         les écritures du journal qui le concernent, telles qu'elles ont été hachées
proofs.txt       pour chacune : numéro, empreinte précédente, empreinte, sceau, rang, taille, chemin
seals/           les sceaux (racine de Merkle) et leurs jetons d'horodatage RFC 3161 (.tst)
files/           les fichiers, nommés par leur empreinte SHA-256

ENGLISH
This archive proves what happened to one item. To verify it (bash, sha256sum, openssl):
    bash verify.sh            with the enclosed certificate of the time-stamp authority
    bash verify.sh CA.pem     with the one that you obtained yourself, which is better
item.json        the item: identifiers, states, dates, files (its texts are not here)
deliveries.json  its deliveries, with the reference that each recipient gave
entries/         the journal entries about it, as they were hashed
proofs.txt       for each: sequence, previous hash, hash, seal, index, size, path
seals/           the seals (Merkle roots) and their RFC 3161 time-stamp tokens (.tst)
files/           the files, named by their SHA-256
`;
