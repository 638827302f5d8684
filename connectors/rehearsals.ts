import type { Rehearsal } from '../src/connector-kit/rehearsal.js';

/** How each connector of the registry is rehearsed, by id; loaded only when asked for. Adding one is one line here. */
export const rehearsals: ReadonlyMap<string, () => Promise<readonly Rehearsal[]>> = new Map([
  ['cmis', async () => (await import('./cmis/rehearsal.js')).rehearsals],
  ['folder', async () => (await import('./folder/rehearsal.js')).rehearsals],
  ['i-parapheur', async () => (await import('./i-parapheur/rehearsal.js')).rehearsals],
  ['i-parapheur-v5', async () => (await import('./i-parapheur-v5/rehearsal.js')).rehearsals],
  ['maarch', async () => (await import('./maarch/rehearsal.js')).rehearsals],
  ['pastell', async () => (await import('./pastell/rehearsal.js')).rehearsals],
  ['plone-dms', async () => (await import('./plone-dms/rehearsal.js')).rehearsals],
  ['plonemeeting-rest', async () => (await import('./plonemeeting-rest/rehearsal.js')).rehearsals],
  ['plonemeeting-soap', async () => (await import('./plonemeeting-soap/rehearsal.js')).rehearsals],
  ['s2low', async () => (await import('./s2low/rehearsal.js')).rehearsals],
  ['sftp', async () => (await import('./sftp/rehearsal.js')).rehearsals],
  ['signing-session', async () => (await import('./signing-session/rehearsal.js')).rehearsals],
  ['smtp', async () => (await import('./smtp/rehearsal.js')).rehearsals],
  ['webdav', async () => (await import('./webdav/rehearsal.js')).rehearsals],
  ['webhook', async () => (await import('./webhook/rehearsal.js')).rehearsals],
]);
