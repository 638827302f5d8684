import { makeTestSigner, type TestSigner } from './test-certificate.js';

/** Test certificates of the people of a desk, one each, made when they first sign. */
export interface DeskSigners {
  of(actor: string): Promise<TestSigner>;
  /** Those that were made, by name. */
  made(): Readonly<Record<string, TestSigner>>;
}

/** `known`: those of an earlier run, so that a restarted demo signs with the same ones. */
export function createDeskSigners(known: Readonly<Record<string, TestSigner>> = {}): DeskSigners {
  const made = new Map(Object.entries(known));
  const making = new Map<string, Promise<TestSigner>>();

  async function make(actor: string): Promise<TestSigner> {
    const signer = await makeTestSigner({ name: actor, organisation: 'Signataires de démonstration' });
    made.set(actor, signer);
    return signer;
  }

  return {
    of(actor) {
      const found = made.get(actor);
      if (found !== undefined) return Promise.resolve(found);
      const begun = making.get(actor) ?? make(actor);
      making.set(actor, begun);
      return begun;
    },
    made: () => Object.fromEntries(made),
  };
}
