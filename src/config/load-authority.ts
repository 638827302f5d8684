import path from 'node:path';
import type { z } from 'zod';
import type { authoritySchema, mainAuthoritySchema } from './authority-schema.js';
import { buildAuthority, type AuthorityConfiguration } from './build-authority.js';
import { checkAuthority } from './check-authority.js';
import { checkConnectors } from './check-connectors.js';
import { checkDeposits } from './check-deposits.js';
import { checkFiles } from './check-files.js';
import { checkMail } from './check-mail.js';
import type { Report } from './check-names.js';
import { valueAt } from './explain-issue.js';
import { isLiteral } from './literal-places.js';
import type { Loading } from './loading.js';
import { mergeLayers } from './merge-layers.js';
import type { ProblemList } from './problem-list.js';
import { readLayers } from './read-layers.js';
import { readSection, type Section } from './read-section.js';
import { selectTexts } from './select.js';
import { simulatedSettings } from './simulated-settings.js';
import { placeAt, problemAt, type Sourced } from './sourced.js';
import type { Path } from './yaml-file.js';

/** What all authorities have around them. */
export interface Surroundings {
  readonly loading: Loading;
  /** What they inherit. */
  readonly centre: Sourced;
  readonly hasClientCa: boolean;
  readonly hasMail: boolean;
}

export interface LoadedAuthority {
  readonly id: string;
  readonly section: Section<unknown>;
  /** Undefined when something in it is wrong. */
  readonly configuration: AuthorityConfiguration | undefined;
}

interface Identity {
  /** Undefined: the section says it. */
  readonly id?: string;
  readonly path: string;
  readonly schema: typeof authoritySchema | typeof mainAuthoritySchema;
}

const FILES = ['meetingConfigs.*.templates.*.source', 'deposits.*.schema.file'];

/** Reads, checks and builds one authority; mistakes are reported. Undefined when a part that it extends cannot be read. */
export async function loadAuthority(own: Sourced, identity: Identity, around: Surroundings): Promise<LoadedAuthority | undefined> {
  const { loading } = around;
  const layers = await readLayers(own, loading.reader, (problem) => { loading.problems.add(problem); });
  if (layers === undefined) return undefined;
  const written = layers.reduce((under, over) => mergeLayers(under, over, (problem) => { loading.problems.add(problem); }), around.centre);
  const id = identity.id ?? idOf(written);
  const mistakes = new Set<string>();
  const tell = reporter(written, own, id, loading.problems);
  const report: Report = (place, message, spot) => { mistakes.add(message); tell(place, message, spot); };
  const section = readSection<z.ZodType<z.output<typeof authoritySchema>>>(written, identity.schema, { ...loading.sources, authority: id, isLiteral }, report);
  const folderAt = (place: Path): string => path.resolve(path.dirname(placeAt(written.place, place).yaml.file));
  checkAuthority(section.data, loading.facts, report, reporter(written, own, id, loading.warnings));
  checkDeposits(section.data, id, loading.watchedFolders, report);
  checkMail(section.data, written.value, id, loading.watchedFolders, report);
  checkFiles(section.data, FILES, folderAt, report);
  checkNeedsOfServer(section.data, around, report);
  const simulated = await simulatedSettings(section.data, new Set(loading.facts.keys()), loading.findSimulation, report);
  const settings = checkConnectors(section.data, written.value, { schemas: loading.schemas, simulated }, report);
  if (section.entry === undefined || mistakes.size > 0) return { id, section, configuration: undefined };
  const configuration = buildAuthority(section.entry, {
    id, path: identity.path, settings, connectors: loading.facts,
    fileAt: (place, name) => path.resolve(folderAt(place), name),
    placeOfRows: (table) => lineOf(written, ['tables', table, 'rows']),
  });
  return { id, section, configuration };
}

function idOf({ value }: Sourced): string {
  const id = valueAt(value, ['id']);
  return typeof id === 'string' ? id : 'default';
}

/** Names the authority where a mistake stands outside of its own section. */
function reporter(written: Sourced, own: Sourced, id: string, list: ProblemList): Report {
  return (place, message, spot) => {
    const at = placeAt(written.place, place);
    const isOwn = at.yaml === own.place.yaml && own.place.path.every((part, index) => at.path[index] === part);
    list.add(problemAt(written.place, place, message, spot), isOwn ? undefined : id);
  };
}

function checkNeedsOfServer(data: unknown, { hasClientCa, hasMail }: Surroundings, report: Report): void {
  for (const { path: place } of hasClientCa ? [] : selectTexts(data, 'users.*.certificates.*')) {
    report(place, 'found a certificate that nothing verifies, expected server.tls.clientCa to be set');
  }
  for (const { path: place } of hasMail ? [] : selectTexts(data, 'incidents.mailTo.*').slice(0, 1)) {
    report(place, 'found an address that nothing sends mail to, expected server.mail to be set');
  }
}

function lineOf(written: Sourced, place: Path): string {
  const { file, line } = problemAt(written.place, place, '');
  return `${file}:${line}`;
}
