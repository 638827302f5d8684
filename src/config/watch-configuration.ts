import { diffConfigurations, type DiffLine } from './diff.js';
import type { Configuration } from './load-configuration.js';
import { ConfigurationInvalid } from './problem.js';
import { watchFiles } from './watch-files.js';

export type Reloaded =
  | { readonly changed: boolean; readonly diff: readonly DiffLine[] }
  /** Why the old one stays, in plain words. */
  | { readonly problem: string };

/** The configuration in force. */
export interface ConfigurationHolder {
  readonly current: () => Configuration;
  /** Reads the files again. Reloads go one after the other; those asked for while one waits are that one. Never rejects. */
  readonly reload: () => Promise<Reloaded>;
  /** Resolves when changes of files are noticed. */
  readonly watching: Promise<void>;
  /** Ends the watching and waits for a reload that runs. */
  readonly close: () => Promise<void>;
}

export interface HolderOptions {
  readonly initial: Configuration;
  load(): Promise<Configuration>;
  /** Puts the new configuration in force; called after every reload that succeeds, because even where nothing is
   * different the lines that messages name may be. When it rejects, the old one stays. */
  readonly onChange: (configuration: Configuration, diff: readonly DiffLine[]) => void | Promise<void>;
  /** The reload failed: ConfigurationInvalid with every mistake, or what else went wrong; or files cannot be watched. */
  readonly onProblem: (error: unknown) => void;
  /** Also reload when a file changes that the configuration was read from. */
  readonly watch: boolean;
}

/** Holds the configuration and replaces it as a whole, or not at all. The caller wires SIGHUP to `reload`. */
export function createConfigurationHolder(options: HolderOptions): ConfigurationHolder {
  let current = options.initial;
  let waiting: Promise<Reloaded> | undefined;
  let running: Promise<unknown> = Promise.resolve();
  const watcher = options.watch ? watchFiles(current.files, { onChange: () => { void reload(); }, onError: options.onProblem }) : undefined;

  async function reloadNow(): Promise<Reloaded> {
    waiting = undefined;
    try {
      const next = await options.load();
      const diff = diffConfigurations(current, next);
      await options.onChange(next, diff);
      current = next;
      watcher?.follow(next.files);
      return { changed: diff.length > 0, diff };
    } catch (error) {
      if (error instanceof ConfigurationInvalid) watcher?.follow([...current.files, ...error.files]);
      options.onProblem(error);
      return { problem: error instanceof Error ? error.message : String(error) };
    }
  }

  function reload(): Promise<Reloaded> {
    waiting ??= running.then(reloadNow);
    running = waiting;
    return waiting;
  }

  return {
    current: () => current,
    reload,
    watching: watcher?.ready ?? Promise.resolve(),
    async close() {
      await watcher?.close();
      await running;
    },
  };
}
