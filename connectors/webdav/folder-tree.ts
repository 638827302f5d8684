export interface KeptFile {
  readonly sha256: string;
  /** Empty for a large file. */
  readonly text: string;
}

/** Folders and files by their path, which has no slash at either end. What changes something answers with the status of
 * RFC 4918. */
export interface FolderTree {
  isFolder(path: string): boolean;
  file(path: string): KeptFile | undefined;
  /** Paths of all files, oldest first. */
  files(): readonly string[];
  makeFolder(path: string): number;
  put(path: string, file: KeptFile): number;
  move(from: string, to: string, replace: boolean): number;
  remove(path: string): number;
}

/** Holds the folder `root`, with nothing in it. */
export function folderTree(root: string): FolderTree {
  const entries = new Map<string, KeptFile | 'folder'>([[root, 'folder']]);
  const isFolder = (path: string): boolean => entries.get(path) === 'folder';
  const hasParent = (path: string): boolean => isFolder(path.slice(0, Math.max(0, path.lastIndexOf('/'))));
  const within = (path: string): string[] => [...entries.keys()].filter((one) => one === path || one.startsWith(`${path}/`));

  function remove(path: string): number {
    const gone = within(path);
    for (const one of gone) entries.delete(one);
    return gone.length > 0 ? 204 : 404;
  }

  return {
    isFolder,
    file(path) {
      const entry = entries.get(path);
      return entry === 'folder' ? undefined : entry;
    },
    files: () => [...entries].filter(([, entry]) => entry !== 'folder').map(([path]) => path),
    makeFolder(path) {
      if (entries.has(path)) return 405;
      if (!hasParent(path)) return 409;
      entries.set(path, 'folder');
      return 201;
    },
    put(path, file) {
      if (!hasParent(path)) return 409;
      const status = entries.has(path) ? 204 : 201;
      entries.set(path, file);
      return status;
    },
    move(from, to, replace) {
      if (!entries.has(from)) return 404;
      if (!hasParent(to)) return 409;
      const there = entries.has(to);
      if (there && !replace) return 412;
      remove(to);
      for (const path of within(from)) {
        const entry = entries.get(path);
        if (entry !== undefined) entries.set(to + path.slice(from.length), entry);
      }
      remove(from);
      return there ? 204 : 201;
    },
    remove,
  };
}
