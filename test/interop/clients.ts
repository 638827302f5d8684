import path from 'node:path';

const sources = path.join(import.meta.dirname, 'clients');

export type Command = readonly [program: string, ...args: string[]];

/** A foreign SOAP stack. Its scenario lives in `clients/<name>/` and prints one JSON line a step. */
export interface ForeignClient {
  /** Also the word that makes its items findable among those of the others. */
  readonly name: string;
  readonly title: string;
  readonly source: string;
  /** Made in the client's own folder, beside `ws4pm.wsdl`; done again when the WSDL or the source changes. */
  readonly build: readonly Command[];
  /** Started in the same folder. */
  readonly run: Command;
  /** Steps that this stack alone has a reason to take. */
  readonly ownSteps?: readonly string[];
}

function source(name: string, file: string): string {
  return path.join(sources, name, file);
}

// The JAX-WS jar names the jars that it needs in its manifest.
const JAXWS_JAR = '/usr/share/java/jaxws-rt.jar';
// Debian's: another Python may come first in the PATH, without the SOAP packages.
const PYTHON = '/usr/bin/python3';

export const FOREIGN_CLIENTS: readonly ForeignClient[] = [
  {
    name: 'suds', title: 'suds (Python), as the Plone client', source: source('suds', 'scenario.py'), build: [],
    run: [PYTHON, source('suds', 'scenario.py')], ownSteps: ['testConnectionAfterChallenge'],
  },
  { name: 'zeep', title: 'zeep (Python), strict', source: source('zeep', 'scenario.py'), build: [], run: [PYTHON, source('zeep', 'scenario.py')] },
  { name: 'php', title: 'PHP SoapClient', source: source('php', 'scenario.php'), build: [], run: ['php', source('php', 'scenario.php')] },
  {
    name: 'gsoap', title: 'gSOAP (C++), strict, chunked', source: source('gsoap', 'scenario.cpp'),
    build: [
      ['wsdl2h', '-o', 'ws4pm.h', '-c++11', '-t', '/usr/share/gsoap/WS/typemap.dat', 'ws4pm.wsdl'],
      ['soapcpp2', '-j', '-C', '-1', '-x', '-I/usr/share/gsoap/import', 'ws4pm.h'],
      ['g++', '-O0', '-std=c++17', '-I.', '-o', 'scenario', 'soapC.cpp', 'soapWS4PMSOAPBindingProxy.cpp', source('gsoap', 'scenario.cpp'), '-lgsoap++'],
    ],
    run: ['./scenario'],
  },
  {
    name: 'jaxws', title: 'JAX-WS (Java), validating against the schema', source: source('jaxws', 'Scenario.java'),
    build: [
      ['wsimport', '-quiet', '-Xnocompile', '-s', '.', '-p', 'relais.ws4pm', 'ws4pm.wsdl'],
      ['javac', '-nowarn', '-encoding', 'UTF-8', '-cp', `${JAXWS_JAR}:.`, '-d', '.', source('jaxws', 'Scenario.java')],
    ],
    run: ['java', '-cp', `${JAXWS_JAR}:.`, 'Scenario'],
  },
  {
    name: 'dotnet', title: '.NET proxy (Mono)', source: source('dotnet', 'Scenario.cs'),
    build: [
      ['wsdl', '/nologo', '/language:CS', '/out:WS4PM.cs', 'ws4pm.wsdl'],
      ['mcs', '-nologo', '-r:System.Web.Services', '-r:System.Web.Extensions', '-r:System.Xml', '-out:scenario.exe', 'WS4PM.cs', source('dotnet', 'Scenario.cs')],
    ],
    run: ['mono', 'scenario.exe'],
  },
  {
    name: 'nodesoap', title: 'the npm package soap, as a client', source: source('node-soap', 'scenario.ts'), build: [],
    run: [process.execPath, '--import', import.meta.resolve('tsx'), source('node-soap', 'scenario.ts')],
  },
];
