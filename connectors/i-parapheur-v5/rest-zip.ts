import { Zip, ZipDeflate } from 'fflate';
import type { StreamedBody } from '../../src/connector-kit/http-simulator.js';
import type { DeskFile, DeskFolder } from '../../src/signature-desk/desk-folder.js';
import type { Desk } from '../../src/signature-desk/desk.js';

/** The archive of a folder (contracts/iparapheur.md §3.4): history, main documents with their signatures beside them, annexes, slip. */
export async function zipOfFolder(desk: Desk, folder: DeskFolder, premis: string): Promise<StreamedBody> {
  const slip = await desk.slip(folder.id);
  const files: readonly (readonly [string, DeskFile])[] = [
    ...folder.main.flatMap((document) => [document, ...document.signatures].map((file) => [`Documents principaux/${file.filename}`, file] as const)),
    ...folder.annexes.map((file) => [`Annexes/${file.filename}`, file] as const),
    [slip.filename.replaceAll('/', '_'), slip],
  ];
  const { sha256, size } = await desk.files.keep(archive(desk, premis, files));
  return { size, open: () => desk.files.read(sha256) };
}

/** As it is packed, piece by piece. */
async function* archive(desk: Desk, premis: string, files: readonly (readonly [string, DeskFile])[]): AsyncGenerator<Uint8Array> {
  const packed: Uint8Array[] = [];
  const zip = new Zip((error, data) => {
    if (error !== null) throw error;
    packed.push(data);
  });
  add(zip, 'premis.xml').push(Buffer.from(premis), true);
  for (const [name, { sha256 }] of files) {
    const entry = add(zip, name);
    for await (const chunk of desk.files.read(sha256) as AsyncIterable<Buffer>) {
      entry.push(chunk);
      yield* packed.splice(0);
    }
    entry.push(new Uint8Array(0), true);
  }
  zip.end();
  yield* packed;
}

function add(zip: Zip, name: string): ZipDeflate {
  const entry = new ZipDeflate(name, { level: 1 });
  zip.add(entry);
  return entry;
}
