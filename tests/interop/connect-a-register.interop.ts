import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { freePort } from '../../demo/free-port.js';
import { packageRoot } from '../../schemas/package-root.js';
import { startPlainService } from '../adapters/graphql/plain/plain-service.js';
import { soapAnswer } from '../conformance/soap-answer.js';
import { XsdSamples } from '../conformance/xsd-sample.js';
import { LEAST_CONFIG } from '../gateway/config/example.js';
import { startPrimary } from '../gateway/state/debian-programs.js';

const PERSON = '010203590013';
const PASSWORD = 'reader-of-tests';
const VENDOR = join(packageRoot(), 'tests', 'conformance', 'vendor');
const PAGE = readFileSync(join(packageRoot(), 'docs', 'connect-a-register.md'), 'utf8');
const TEREZE = `node ${join(packageRoot(), 'bin', 'tereze.js')}`;

/**
 * Follows docs/connect-a-register.md: runs the lines of its section "The whole way", each as it is printed but for
 * addresses, and prints the time of each. Needs a build (`npm run build`).
 */
describe('connecting a register, as the page says', function () {
  this.timeout(120_000);
  let folder: string;
  let port: number;
  const ends: (() => unknown)[] = [];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tereze-connect-'));
    port = await freePort('127.0.0.1');
  });
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
    rmSync(folder, { recursive: true });
  });

  /** Runs the blocks below a heading. Returns what the last line printed. `placed` says it of an installation. */
  const follow = async (heading: string, placed: (written: string) => string): Promise<string> => {
    const blocks = blocksBelow(heading);
    expect(blocks.map(({ language }) => language)).to.deep.equal(['sh', 'yaml', 'sh']);
    let printed = '';
    for (const { language, lines } of blocks)
      if (language === 'yaml') {
        const file = lines.startsWith('version:') ? 'try.yaml' : 'tereze.yaml';
        writeFileSync(join(folder, file), placed(lines).replace('port: 4000', `port: ${port}`));
      } else for (const line of lines.split('\n')) printed = await timed(line);
    return printed;
  };

  const timed = async (line: string): Promise<string> => {
    const command = line.replace('npx tereze', TEREZE).replace('127.0.0.1:4000', `127.0.0.1:${port}`);
    const begun = performance.now();
    const printed = command.includes(' serve ') ? await serve(command) : await run(command);
    const took = performance.now() - begun;
    process.stdout.write(`      ${(took / 1000).toFixed(2)} s  ${line.slice(0, 100)}\n`);
    return printed;
  };

  const run = async (command: string): Promise<string> => {
    const { stdout } = await promisify(execFile)('bash', ['-c', command], { cwd: folder });
    return stdout;
  };

  /** Starts a gateway that the test ends, and waits for its addresses. */
  const serve = async (command: string): Promise<string> => {
    const [program = '', ...words] = command.split(' ');
    const gateway: ChildProcess = spawn(program, [...words, '--json'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    ends.push(async () => {
      gateway.kill('SIGTERM');
      if (gateway.exitCode === null) await once(gateway, 'exit');
    });
    const [printed] = (await Promise.race([once(gateway.stdout!, 'data'), once(gateway, 'exit')])) as [unknown];
    expect(gateway.exitCode, 'the gateway ended').to.equal(null);
    return String(printed);
  };

  const listen = async (answer: RequestListener): Promise<string> => {
    const server = createServer(answer);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ends.push(() => {
      server.closeAllConnections();
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  it('from OpenAPI', async () => {
    copyFileSync(
      join(VENDOR, 'openapi', 'brreg-enhetsregisteret', 'enhetsregisteret.json'),
      join(folder, 'enhetsregisteret.json'),
    );
    const address = await listen(({ url }, response) => {
      const isThere = url === '/enhetsregisteret/api/enheter/974760673';
      response
        .writeHead(isThere ? 200 : 404, { 'Content-Type': 'application/vnd.enhetsregisteret.enhet.v1+json' })
        .end(JSON.stringify({ organisasjonsnummer: '974760673', navn: 'Prøve AS' }));
    });
    const answer = await follow('OpenAPI', (written) => written.replace('https://organisations.example', address));
    expect(dataOf(answer)).to.deep.equal({ hentEnhet: { navn: 'Prøve AS' } });
  });

  it('from a WSDL', async () => {
    const beside = join(VENDOR, 'wsdl', 'xrd4j-example-adapter');
    cpSync(beside, folder, { recursive: true });
    const samples = new XsdSamples(join(beside, 'example-adapter.wsdl'));
    const address = await listen((request, response) => {
      void text(request).then((question) =>
        response
          .writeHead(200, { 'Content-Type': 'text/xml; charset=utf-8' })
          .end(soapAnswer(samples.sample('personDetailsResponse', { ssn: PERSON, firstName: 'Проба' }), question)),
      );
    });
    const answer = await follow('WSDL', (written) => written.replace('https://people.example', address));
    expect(dataOf(answer)).to.deep.equal({ personDetails: { firstName: 'Проба' } });
  });

  it('from a table of PostgreSQL', async () => {
    const server = await startPrimary(folder);
    ends.push(() => server.stop());
    await server.ask(readFileSync(join(VENDOR, 'sql', 'legacy-people.sql'), 'utf8'));
    await server.ask(
      `CREATE ROLE reader LOGIN PASSWORD '${PASSWORD}'; GRANT USAGE ON SCHEMA "REESTR" TO reader; GRANT SELECT ON "REESTR"."FIZ_LICA" TO reader`,
    );
    for (const [name, content] of [
      ['url', server.url('reader')],
      ['password', PASSWORD],
      ['secret', 'x'.repeat(64)],
    ] as const)
      writeFileSync(join(folder, name), content, { mode: 0o600 });
    const answer = await follow('A PostgreSQL table', (written) =>
      LEAST_CONFIG.replace(
        'registers: {}',
        `supergraph: { directory: registers }\n${written
          .replace('persons.example', '127.0.0.1')
          .replace('5432', String(server.port))}`,
      ),
    );
    expect(answer).to.match(/ok +read +1 object/);
  });

  it('from a schema of GraphQL', async () => {
    copyFileSync(join(VENDOR, 'graphql', 'plain-service.graphql'), join(folder, 'plain-service.graphql'));
    const service = await startPlainService();
    ends.push(() => service.close());
    const answer = await follow('GraphQL without federation', (written) =>
      written.replace('https://companies.example/graphql', service.url),
    );
    expect(dataOf(answer)).to.deep.equal({ person: { family_name: 'Тестов' } });
  });
});

function dataOf(answer: string): unknown {
  const { data, errors } = JSON.parse(answer) as { data?: unknown; errors?: unknown };
  expect(errors, answer).to.equal(undefined);
  return data;
}

interface Block {
  readonly language: string;
  readonly lines: string;
}

/** The blocks of code below a heading of the page, to the next heading. */
function blocksBelow(heading: string): readonly Block[] {
  const [, after] = PAGE.split(`\n### ${heading}\n`);
  const [section = ''] = (after ?? '').split(/\n##+ /);
  return [...section.matchAll(/```(\w+)\n([\s\S]*?)\n```/g)].map(([, language = '', lines = '']) => ({
    language,
    lines,
  }));
}
