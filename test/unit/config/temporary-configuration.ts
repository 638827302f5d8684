import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { loadConfiguration, type Configuration, type ConnectorDescription } from '../../../src/config/load-configuration.js';
import type { Problem } from '../../../src/config/problem.js';
import type { FindSimulation } from '../../../src/config/simulated-settings.js';
import { ConfigurationInvalid } from '../../../src/config/problem.js';
import { secret } from '../../../src/connector-api/secret.js';

const text = (title: string) => ({ type: 'text' as const, title: { fr: title, en: title } });

export const connectors: ReadonlyMap<string, ConnectorDescription> = new Map([
  ['folder', { manifest: { kinds: ['*'], operations: { deposit: { anyField: true } } }, settings: z.strictObject({ path: z.string().min(1) }) }],
  ['register', {
    manifest: {
      kinds: ['*'],
      operations: {
        file: {
          fields: {
            subject: { ...text('Subject'), required: true, maxLength: 20 },
            service: { ...text('Service'), values: ['FIN', 'URB'] },
            urgent: { type: 'boolean', title: { fr: 'Urgent', en: 'Urgent' } },
            pages: { type: 'integer', title: { fr: 'Pages', en: 'Pages' } },
          },
          anyField: { prefix: 'metadata.' },
        },
      },
    },
    settings: z.strictObject({}).prefault({}),
  }],
  ['remote', {
    manifest: { kinds: ['pes'], operations: { send: {}, sign: {} } },
    settings: z.strictObject({ url: z.url('an address'), password: secret(), proxy: z.strictObject({ key: secret() }).optional(), tries: z.int().max(9).default(3) }),
    collect: { kinds: ['letter'] },
  }],
]);

/** They, and one that can stand behind a meeting config. */
export const withCouncil: typeof connectors = new Map([...connectors, ['council', {
  manifest: { kinds: ['deliberation'], operations: { 'create-item': { fields: { proposingGroup: text('Group'), ignoreNotUsedData: { type: 'boolean', title: { fr: 'Ignorer', en: 'Ignore' } } } } } },
  settings: z.strictObject({}).prefault({}),
  deliberation: {},
}]]);

/** Only the remote can be simulated. */
const findSimulation: FindSimulation = (type) => Promise.resolve(type === 'remote' ? (port) => ({ url: `http://127.0.0.1:${port}`, password: 'simulated', tries: 1 }) : undefined);

export type Environment = Record<string, string>;

/** Loads files (path → text) from a temporary folder. Problems name files relative to it. */
export async function load(files: Record<string, string>, env: Environment = {}, onSecret?: (value: string) => void, types = connectors): Promise<Configuration> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'relais-config-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      fs.writeFileSync(path.join(folder, name), text);
    }
    return await loadConfiguration(path.join(folder, 'relais.yaml'), env, { connectors: types, findSimulation, ...(onSecret === undefined ? {} : { onSecret }) })
      .catch((error: unknown) => { throw error instanceof ConfigurationInvalid ? new ConfigurationInvalid(error.problems.map((one) => relative(one, folder))) : error; });
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

function relative(problem: Problem, folder: string): Problem {
  return { ...problem, file: path.relative(folder, problem.file), message: problem.message.replaceAll(folder, '<folder>') };
}

/** Problems of configuration files; none when they can be loaded. */
export async function problemsOf(files: Record<string, string>, env: Environment = {}, types = connectors): Promise<readonly Problem[]> {
  return await load(files, env, undefined, types).then(() => [], (error: unknown) => {
    if (error instanceof ConfigurationInvalid) return error.problems;
    throw error;
  });
}

/** Takes the mark ▸ out of a text and says where it was, counting from 1. */
export function takeMark(text: string): { text: string; line: number; column: number } {
  const before = text.slice(0, text.indexOf('▸')).split('\n');
  return { text: text.replace('▸', ''), line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

/** A small town. Pieces are replaced by tests. */
export const SMALL = `
authority:
  title: Petite Ville
  organisations:
    - id: voirie
      title: Voirie
      members: {creators: [ged]}
    - id: finances
      title: Finances
  users:
    - id: ged
    - id: jean
  meetingConfigs:
    - id: college
      shortName: College
      title: Collège
  connectors:
    - id: outbox
      type: folder
      settings: {path: /tmp}
  flows:
    - id: all
      steps:
        - connector: outbox
`.trimStart();

/** The small town with one piece replaced; the piece must be there once. */
export function changed(piece: string, by: string): string {
  if (SMALL.split(piece).length !== 2) throw new Error(`the piece is not there once: ${piece}`);
  return SMALL.replace(piece, () => by);
}

/** The small town with more flows: what stands below `flows:`, indented by four, and what stands beside it, by two. */
export function withFlows(flows: string, beside = ''): string {
  const from = SMALL.indexOf('  flows:');
  return `${SMALL.slice(0, from)}${beside}  flows:\n${flows}`;
}
