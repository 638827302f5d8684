import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');

/** Arguments of Node that run the command line: the build, where `npm test` made it or a test asks for it, else the sources. */
export function program(built = process.env['RELAIS_TEST_BUILD'] !== undefined): readonly string[] {
  return built ? [path.join(root, 'dist/src/cli.js')] : ['--import', 'tsx', path.join(root, 'src/cli.ts')];
}
