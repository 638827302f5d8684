import { XmlError } from './xml-error.js';

const XML = 'http://www.w3.org/XML/1998/namespace';
const XMLNS = 'http://www.w3.org/2000/xmlns/';

/** Prefixes in force, as elements open and close. Constant time a lookup, whatever is declared. */
export class NamespaceScope {
  readonly #bindings = new Map<string, string[]>([['xml', [XML]]]);

  /** Binds a prefix ('' for the default namespace) until it is withdrawn. */
  declare(prefix: string, namespace: string): void {
    if (prefix === 'xmlns' || namespace === XMLNS || (prefix === 'xml') !== (namespace === XML)) {
      throw new XmlError(`the prefix "${prefix}" must not be bound to "${namespace}"`);
    }
    if (prefix !== '' && namespace === '') throw new XmlError(`the prefix "${prefix}" must not be bound to nothing`);
    const stack = this.#bindings.get(prefix);
    if (stack === undefined) this.#bindings.set(prefix, [namespace]);
    else stack.push(namespace);
  }

  withdraw(prefixes: readonly string[]): void {
    for (const prefix of prefixes) this.#bindings.get(prefix)?.pop();
  }

  /** The namespace of a prefix; undefined if it is not declared. No default namespace is ''. */
  find(prefix: string): string | undefined {
    return this.#bindings.get(prefix)?.at(-1) ?? (prefix === '' ? '' : undefined);
  }

  /** As `find`, but an undeclared prefix is an error. */
  get(prefix: string): string {
    const namespace = this.find(prefix);
    if (namespace === undefined) throw new XmlError(`the prefix "${prefix}" is not declared`);
    return namespace;
  }
}
