import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { Command } from 'commander';
import { RelaisError } from '../errors.js';
import { hashPassword } from '../identity/hash-password.js';
import { print } from './command-environment.js';

/** `relais users …`: accounts. */
export function addUserCommands(program: Command): void {
  program.command('users').description('accounts')
    .command('hash').description('make the hash of a password, for `password:` of a user')
    .addHelpText('after', '\nThe password is asked for, or read from standard input:\n  printf %s "$PASSWORD" | relais users hash')
    .action(async () => print(await hashPassword(await readPassword())));
}

async function readPassword(): Promise<string> {
  // What is typed is echoed into nothing.
  const terminal = createInterface({ input: process.stdin, output: new Writable({ write: (_chunk, _encoding, done) => { done(); } }), terminal: process.stdin.isTTY });
  if (process.stdin.isTTY) process.stderr.write('Password (it is not shown): ');
  const line: unknown = (await terminal[Symbol.asyncIterator]().next()).value;
  terminal.close();
  if (typeof line !== 'string' || line === '') throw new RelaisError('RELAIS_COMMAND_USAGE', 'the password is empty');
  return line;
}
