import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { exportJWK, generateKeyPair } from 'jose';
import { createProgram } from '../../../gateway/cli/program.js';
import { TestTerminal } from './test-terminal.js';

const consentOf = (id: string): object => ({
  ...{ id, revision: 1, agency: 'housing', purpose: 'housing_queue', categories: ['property.land'] },
  ...{ status: 'given', givenAt: '2026-03-02T00:00:00.000Z', validUntil: '2026-06-01T00:00:00.000Z' },
});
const REFUSED = {
  errors: [{ message: 'Refused.', extensions: { code: 'RATE_LIMITED' } }],
  extensions: { tereze: { requestId: 'r' } },
};

describe('consent list', () => {
  let directory: string;
  let server: Server;
  let asked: string[];
  /** Answers by the address asked. What is not here is refused. */
  let answers: Record<string, unknown>;

  beforeEach(async () => {
    asked = [];
    answers = {};
    server = createServer((request, response) => {
      const address = request.url ?? '';
      const issuer = { '/token': { access_token: 'a', token_type: 'DPoP', expires_in: 60 } }[address];
      const isPage = address.startsWith('/consents');
      if (isPage) asked.push(address);
      const answer = isPage ? answers[address] : (issuer ?? { issuer: url, token_endpoint: `${url}/token` });
      response.writeHead(answer === undefined ? 429 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer ?? REFUSED));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    directory = await mkdtemp(join(tmpdir(), 'tereze-consent-'));
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const profile = {
      ...{ client_id: 'social', issuer: url, gateway: url, audience: url, agency: 'social', purposes: ['own_data'] },
      private_key_jwk: await exportJWK(privateKey),
    };
    await writeFile(join(directory, 'social.json'), JSON.stringify(profile));
  });
  afterEach(async () => {
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
    await rm(directory, { recursive: true, force: true });
  });

  const list = async (...words: string[]): Promise<{ readonly printed: string; readonly failed: boolean }> => {
    const terminal = new TestTerminal({ environment: { TEREZE_CLIENTS: directory } });
    await createProgram(terminal).parseAsync(['node', 'tereze', 'consent', 'list', '--as', 'social', ...words]);
    return terminal;
  };

  it('reads every page', async () => {
    answers = {
      '/consents': { data: { consents: [consentOf('one'), consentOf('two')], next: 'c1' } },
      '/consents?after=c1': { data: { consents: [consentOf('three')], next: 'c+2' } },
      '/consents?after=c%2B2': { data: { consents: [consentOf('four')] } },
    };
    const { printed, failed } = await list();
    expect(printed.match(/^\w+ {2}given/gm)).to.deep.equal(['one  given', 'two  given', 'three  given', 'four  given']);
    expect(printed).to.not.match(/\n\n\n/);
    expect(failed).to.equal(false);
    const { printed: lines } = await list('--json');
    expect(
      lines
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).to.deep.equal(Object.values(answers));
  });

  it('stops at a refusal, and fails', async () => {
    answers = { '/consents': { data: { consents: [consentOf('one')], next: 'c1' } } };
    const { printed, failed } = await list();
    expect(printed).to.include('one  given').and.include('RATE_LIMITED');
    expect([failed, asked.length]).to.deep.equal([true, 2]);
  });

  it('says that there are none', async () => {
    answers = { '/consents': { data: { consents: [] } } };
    expect((await list()).printed).to.equal('No consents.\n');
  });
});
