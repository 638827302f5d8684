import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const relaisPackage = z.object({
  version: z.string(),
  engines: z.object({ node: z.string() }),
  dependencies: z.object({ zod: z.string() }),
  devDependencies: z.object({ typescript: z.string(), '@types/node': z.string() }),
});

const TSCONFIG = {
  compilerOptions: {
    target: 'ES2023', module: 'NodeNext', moduleResolution: 'NodeNext', lib: ['ES2023'], types: ['node'],
    strict: true, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true, verbatimModuleSyntax: true, skipLibCheck: true,
    rootDir: 'src', outDir: 'dist', declaration: true,
  },
  include: ['src'],
};

/** What an npm package has beside the connector itself. Relais is linked to it, never fetched: a package of that name in a
 * registry would be another one. */
export function packageFiles(id: string, relaisFolder: string): ReadonlyMap<string, string> {
  const { version, engines, dependencies, devDependencies } = relaisPackage.parse(JSON.parse(readFileSync(path.join(relaisFolder, 'package.json'), 'utf8')));
  const entry = (name: string) => ({ types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` });
  return new Map([
    ['package.json', json({
      name: `relais-connector-${id}`,
      version: '0.1.0',
      description: `Relais connector ${id}`,
      type: 'module',
      engines: { node: engines.node },
      exports: { '.': entry('index'), './rehearsal': entry('rehearsal') },
      files: ['dist'],
      scripts: { build: 'tsc', test: 'tsc && relais connector test ./dist/index.js', simulate: 'tsc && relais simulate ./dist/index.js' },
      peerDependencies: { relais: `>=${version}` },
      peerDependenciesMeta: { relais: { optional: true } },
      dependencies: { zod: dependencies.zod },
      devDependencies: { '@types/node': devDependencies['@types/node'], relais: `file:${relaisFolder}`, typescript: devDependencies.typescript },
    })],
    ['tsconfig.json', json(TSCONFIG)],
    ['.gitignore', 'dist/\nnode_modules/\n'],
  ]);
}

function json(content: unknown): string {
  return `${JSON.stringify(content, null, 2)}\n`;
}
