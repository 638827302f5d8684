import assert from 'node:assert/strict';
import type { ConformanceCase } from '../conformance-case.js';
import { secretsOutside } from '../secret-places.js';
import { requireFailure } from '../stage.js';

/** What a connector says of itself, and how it takes its settings. */
export const settingsCases: readonly ConformanceCase[] = [
  {
    name: 'names itself, its operations and their fields',
    run({ connector: { manifest }, declared, rehearsal }) {
      assert.match(manifest.id, /^[a-z][a-z0-9-]*$/, 'manifest.id');
      assert.ok(manifest.title.fr !== '' && manifest.title.en !== '', 'manifest.title lacks a language');
      assert.notEqual(manifest.kinds.length, 0, 'manifest.kinds is empty; «*» is any');
      for (const name of Object.keys(declared.fields ?? {})) assert.ok(rehearsal.fields?.[name] !== undefined, `the rehearsal has no value for the field «${name}»`);
      if ((declared.anyField ?? false) !== false) assert.notEqual(Object.keys(rehearsal.fields ?? {}).length, 0, 'the operation takes any field, and the rehearsal gives none');
      return Promise.resolve();
    },
  },
  {
    name: 'check: accepts settings that work, and changes nothing over there',
    async run({ connector, settings, context, other }) {
      await connector.check(settings, context());
      assert.deepEqual(await other.delivered(), []);
    },
  },
  {
    name: 'settings: a misspelt one is a mistake',
    run({ connector, other }) {
      assert.equal(connector.settings.safeParse({ ...other.settings, 'no-such-setting': 1 }).success, false, 'an unknown setting passes: use z.strictObject');
      return Promise.resolve();
    },
  },
  {
    name: 'settings: the secret ones are declared as secrets',
    needs: ['secrets'],
    run({ connector, other }) {
      assert.notEqual(other.secrets.length, 0, 'the other side names no secret: name them, or skip «secrets» with the reason');
      assert.deepEqual(secretsOutside(connector.settings, other.settings, other.secrets), [], 'these hold a secret and are not made by secret()');
      return Promise.resolve();
    },
  },
  {
    name: 'check: settings that do not work are misconfigured',
    needs: ['broken-settings'],
    async run({ connector, brokenSettings, context }) {
      await requireFailure(connector.check(brokenSettings, context()), 'misconfigured');
    },
  },
  {
    name: 'submit: with settings that do not work is misconfigured',
    needs: ['broken-settings'],
    async run({ brokenSettings, submission, submit, other }) {
      await requireFailure(submit(submission(), {}, brokenSettings), 'misconfigured');
      assert.deepEqual(await other.delivered(), []);
    },
  },
  {
    name: 'submit: an operation that it lacks is misconfigured',
    async run({ submit, submission, other }) {
      await requireFailure(submit({ ...submission(), operation: 'juggle' }), 'misconfigured');
      assert.deepEqual(await other.delivered(), []);
    },
  },
];
