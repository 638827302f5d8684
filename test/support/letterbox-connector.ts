import { pathToFileURL } from 'node:url';
import { createRequire } from 'node:module';

/** The source of a connector from outside whose other side is a folder: what it is given waits for a person until there is a file of its
 * reference in `answers/`, and files in `letters/` wait to be collected; a first line `about <reference>` says what one is about. `kept` moves
 * one to `read/`, after having killed its process where the letter says so and it was not killed before. */
export function letterboxConnector(): string {
  const zod = pathToFileURL(createRequire(import.meta.url).resolve('zod')).href;
  return `
import fs from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import zod from ${JSON.stringify(zod)};

const at = ({ folder }, ...names) => path.join(folder, ...names);
const wordsOf = (settings, key) => fs.readFileSync(at(settings, 'letters', key), 'utf8');

export const connector = {
  manifest: { id: 'letterbox', title: { fr: 'Boîte', en: 'Letter box' }, kinds: ['*'], operations: { send: { idempotence: 'client-key', answersLater: true } } },
  settings: zod.z.strictObject({ folder: zod.z.string() }),
  check: async () => {},
  async submit({ key }, settings, context) {
    await context.markSent();
    return { reference: 'T-' + key, state: 'sent', data: { token: 'never' } };
  },
  probe: async () => 'unknown',
  async track({ reference }, _submission, settings) {
    return fs.existsSync(at(settings, 'answers', reference)) ? { state: 'done', results: { fields: { enforceableOn: '2027-03-01' } } } : { state: 'pending' };
  },
  collect: {
    kinds: ['letter'],
    list: async (settings) => fs.readdirSync(at(settings, 'letters')).map((key) => ({ key })),
    async fetch({ key }, settings, { blobs }) {
      const words = wordsOf(settings, key);
      const [, about] = /^about (.*)$/m.exec(words) ?? [];
      const document = { title: '', filename: key, mediaType: 'text/plain', role: 'letter', ...await blobs.keep(Readable.from([Buffer.from(words)])) };
      return { kind: 'letter', title: 'Lettre ' + key, fields: { receivedOn: '2027-02-28' }, documents: [document], ...(about !== undefined && { about }) };
    },
    async kept({ key }, settings) {
      if (wordsOf(settings, key).includes('kill') && !fs.existsSync(at(settings, 'killed'))) {
        fs.writeFileSync(at(settings, 'killed'), '');
        process.kill(process.pid, 'SIGKILL');
      }
      fs.renameSync(at(settings, 'letters', key), at(settings, 'read', key));
    },
  },
  personalLink: async ({ reference }, _submission, settings, { clock }) => (
    fs.existsSync(at(settings, 'answers', reference)) ? null : { url: 'https://platform.example/confirm?token=s3cr3t-' + reference, validUntil: clock.now() + 300_000 }),
};
`;
}
