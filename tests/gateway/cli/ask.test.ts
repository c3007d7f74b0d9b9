import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { exportJWK, generateKeyPair } from 'jose';
import { createProgram } from '../../../gateway/cli/program.js';
import { rejection } from '../../rejection.js';
import { LEAST_CONFIG } from '../config/example.js';
import { TestTerminal } from './test-terminal.js';

/** An issuer and a gateway that refuses every question, at one address. */
async function openCountry(code: string): Promise<{ url: string; asked: string[]; server: Server }> {
  const asked: string[] = [];
  const answer = async (request: IncomingMessage): Promise<readonly [number, unknown]> => {
    const body = await text(request);
    if (request.url === '/token') return [200, { access_token: 'a', token_type: 'DPoP', expires_in: 60 }];
    if (request.url !== '/graphql') return [200, { issuer: url, token_endpoint: `${url}/token` }];
    asked.push(body);
    return [
      400,
      { errors: [{ message: 'Refused.', extensions: { code } }], extensions: { tereze: { requestId: 'r' } } },
    ];
  };
  const server = createServer((request, response) => {
    void answer(request).then(([status, body]) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, asked, server };
}

describe('ask', () => {
  const startedIn = process.cwd();
  let directory: string;
  let country: Awaited<ReturnType<typeof openCountry>>;

  const open = async (code: string): Promise<void> => {
    country = await openCountry(code);
    directory = await mkdtemp(join(tmpdir(), 'tereze-ask-'));
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const profile = {
      client_id: 'social',
      issuer: country.url,
      gateway: country.url,
      audience: `${country.url}/graphql`,
      agency: 'social',
      purposes: ['proactive_support'],
      private_key_jwk: await exportJWK(privateKey),
    };
    await writeFile(join(directory, 'social.json'), JSON.stringify(profile));
    process.chdir(directory);
  };
  afterEach(async () => {
    process.chdir(startedIn);
    await new Promise<void>((resolve) => {
      country.server.close(() => resolve());
      country.server.closeAllConnections();
    });
    await rm(directory, { recursive: true, force: true });
  });

  async function ask(...words: string[]): Promise<{ readonly printed: string; readonly failed: boolean }> {
    const terminal = new TestTerminal({ environment: { TEREZE_CLIENTS: directory } });
    await createProgram(terminal).parseAsync(['node', 'tereze', 'ask', ...words, '--as', 'social']);
    return terminal;
  }

  async function configure(...names: string[]): Promise<void> {
    const documents = join(directory, 'documents');
    await mkdir(documents);
    for (const name of names) {
      await writeFile(join(documents, `${name}.graphql`), `query ${name} { a }`);
      await writeFile(join(documents, `${name}.yaml`), 'owner: social\npurposes: [p]\nallowed: [social]\n');
    }
    await writeFile(join(directory, 'secret'), 's');
    await writeFile(join(directory, 'tereze.yaml'), `${LEAST_CONFIG}documents:\n  directory: ${documents}\n`);
  }

  it('names the nearest documents and how to list all, for a name that the gateway does not know', async () => {
    await open('DOCUMENT_NOT_FOUND');
    await configure('FamilyCard', 'PensionCard', 'HousingQueue', 'BirthAllowance');
    const { printed, failed } = await ask('FamliyCard');
    expect(country.asked).to.deep.equal(['{"documentId":"FamliyCard","variables":{}}']);
    expect(printed).to.include('The nearest names are FamilyCard, PensionCard, ');
    expect(printed).not.to.include('BirthAllowance');
    expect(printed).to.include('`npx tereze operation list` shows every trusted document.');
    expect(failed).to.equal(true);
  });

  it('names how to list all where it cannot read the configuration', async () => {
    await open('DOCUMENT_NOT_FOUND');
    const { printed } = await ask('Nope');
    expect(printed).to.include('`npx tereze operation list`').and.not.include('nearest');
  });

  it('names the missing option when the purpose needs a case, and nothing of documents', async () => {
    await open('CASE_REQUIRED');
    const { printed, failed } = await ask('FamilyCard');
    expect(printed)
      .to.include('The option --case is missing')
      .and.not.match(/operation list|in the log/i);
    expect(failed).to.equal(true);
  });

  it('takes an officer only for a client that acts for officers, and then needs one', async () => {
    await open('CASE_REQUIRED');
    expect(await rejection(ask('FamilyCard', '--officer', 'o-1'))).to.include({
      kind: 'usage',
      message: '"social" acts for no officer',
    });
    const file = join(directory, 'social.json');
    await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), desk: 'desk' }));
    expect(await rejection(ask('FamilyCard'))).to.include({
      kind: 'usage',
      message: 'say for which officer "social" asks: --officer ID',
    });
    expect(country.asked).to.deep.equal([]);
  });

  it('prints the response as it came with --json', async () => {
    await open('DOCUMENT_NOT_FOUND');
    const { printed } = await ask('Nope', '--json');
    expect(JSON.parse(printed)).to.have.nested.property('errors[0].extensions.code', 'DOCUMENT_NOT_FOUND');
  });
});
