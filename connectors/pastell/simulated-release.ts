/** Versions of Pastell that can be simulated. */
export const PASTELL_VERSIONS = ['2.0.16', '3.1', '4.1.0'] as const;
export type PastellVersion = (typeof PASTELL_VERSIONS)[number];

/** In what versions differ (contracts/pastell.md §1, §2, §4, §5). */
export interface Release {
  readonly version: string;
  readonly tokens: boolean;
  /** A login that failed too often is throttled. */
  readonly limitsLogin: boolean;
  readonly chunks: boolean;
  /** DELETE of a document, and of a file of it. */
  readonly deletes: boolean;
  /** JSON has some real booleans. */
  readonly realBooleans: boolean;
  /** An address that ends with `php` is taken for a script of the first interface. */
  readonly takesPhpForScript: boolean;
  /** The classification is read from the query string alone. */
  readonly classifiesByQuery: boolean;
  readonly requiresTypology: boolean;
  /** A circuit that the signature book lacks is an error at once, and one at sending has a state of its own. */
  readonly checksCircuit: boolean;
  readonly refusesFilesInPatch: boolean;
  readonly excludesByPassedState: boolean;
  readonly shortestNumber: number;
  /** Fields that are not editable in a state are dropped from a PATCH, too. */
  readonly guardsEdits: boolean;
  readonly checksSize: boolean;
}

const FIRST: Release = {
  version: '2.0.16', tokens: false, limitsLogin: false, chunks: false, deletes: false, realBooleans: false, takesPhpForScript: true, classifiesByQuery: true,
  requiresTypology: false, checksCircuit: false, refusesFilesInPatch: false, excludesByPassedState: false, shortestNumber: 2, guardsEdits: false, checksSize: false,
};

const RELEASES: Readonly<Record<PastellVersion, Release>> = {
  '2.0.16': FIRST,
  '3.1': { ...FIRST, version: '3.1.0', classifiesByQuery: false, shortestNumber: 1 },
  '4.1.0': {
    version: '4.1.0', tokens: true, limitsLogin: true, chunks: true, deletes: true, realBooleans: true, takesPhpForScript: false, classifiesByQuery: false,
    requiresTypology: true, checksCircuit: true, refusesFilesInPatch: true, excludesByPassedState: true, shortestNumber: 1, guardsEdits: true, checksSize: true,
  },
};

export function releaseOf(version: PastellVersion): Release {
  return RELEASES[version];
}
