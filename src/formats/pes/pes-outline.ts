import type { XmlTag } from '../../xml/xml-tag.js';

/** What is done at one place of a PES file. A place knows nothing of its depth: the same one may be met under several parents. */
export interface PesNode {
  readonly children: ReadonlyMap<string, PesNode>;
  /** Elements of this name stand beside each other; `count` says how many were met under the parent at hand. */
  readonly repeats: boolean;
  count: number;
  readonly open: ((tag: XmlTag) => void) | undefined;
  /** The attribute V; '' where there is none. */
  readonly value: ((value: string) => void) | undefined;
  /** Its text; the bytes are only lent. */
  readonly bytes: ((source: Buffer, from: number, to: number) => void) | undefined;
  readonly close: (() => void) | undefined;
}

export interface PesAction {
  readonly open?: (tag: XmlTag) => void;
  readonly value?: (value: string) => void;
  readonly bytes?: (source: Buffer, from: number, to: number) => void;
  readonly close?: () => void;
  readonly repeats?: boolean;
}

/** What is done where, by path below the element at hand: `{ 'EnTetePES/CodCol': { value: … } }`. */
export type PesActions = Readonly<Record<string, PesAction>>;

/** An element of which nothing is known. */
export const UNKNOWN: PesNode = nodeOf({}, new Map());

/** A tree of what to do, from paths. */
export function outline(actions: PesActions): PesNode {
  return branch(Object.entries(actions).map(([path, action]) => [path.split('/'), action]), {});
}

type Entry = readonly [path: readonly string[], action: PesAction];

function branch(entries: readonly Entry[], action: PesAction): PesNode {
  const names = new Set(entries.map(([[name = '']]) => name));
  const children = new Map([...names].map((name) => {
    const below = entries.filter(([[first]]) => first === name).map(([[, ...rest], found]): Entry => [rest, found]);
    return [name, branch(below.filter(([path]) => path.length > 0), below.find(([path]) => path.length === 0)?.[1] ?? {})];
  }));
  return nodeOf(action, children);
}

/** Every node has the same members, in the same order, so that each look at one is the same for the engine. */
function nodeOf({ open, value, bytes, close, repeats = false }: PesAction, children: ReadonlyMap<string, PesNode>): PesNode {
  return { children, repeats, count: 0, open, value, bytes, close };
}

/** The actions of a part, below `path`. */
export function below(path: string, actions: PesActions): PesActions {
  return Object.fromEntries(Object.entries(actions).map(([name, action]) => [name === '' ? path : `${path}/${name}`, action]));
}
