import { expect } from 'chai';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExplainedProbe } from '../../../../gateway/cli/register-probe/explain.js';
import { CommandFailure } from '../../../../gateway/cli/command-failure.js';
import { createProgram } from '../../../../gateway/cli/program.js';
import { OpensslAuthority, type OpensslCertificate } from '../../../ports/openssl-authority.js';
import { LEAST_CONFIG } from '../../config/example.js';
import { TestTerminal } from '../test-terminal.js';

const PERSON = '880514391012';
const SECRET = 'k-1f7d0c2b9e';
const LAST_NAME = 'Akhmetova';

const SCHEMA = `
extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key"])
  @link(url: "https://tereze.dev/governance/v1", import: ["@category", "@subject"])
type Citizen @key(fields: "iin") @subject(field: "iin") @category(name: "population.identity") {
  iin: ID!
  lastName: String
  middleName: String
}
`;
const SOURCE = `
protocol: rest
api_key_header: X-Api-Key
read: { path: /persons/read, key: iin }
batch: { path: /persons/batch, keys: iins, items: items, max: 10 }
types:
  Citizen: { key: iin, fields: { iin: iin, lastName: name.last, middleName: name.patronymic } }
`;

describe('tereze register probe --explain', () => {
  const made = new OpensslAuthority();
  let ca: OpensslCertificate;
  let folder: string;
  let server: Server | undefined;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;

  before(() => {
    ca = made.issue({ name: 'State Authority', isAuthority: true });
  });
  after(() => made.close());
  afterEach(async () => {
    server?.closeAllConnections();
    await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
    rmSync(folder, { recursive: true });
  });

  const start = async (validity: { readonly to?: string } = {}): Promise<void> => {
    const { certificate: cert, key } = made.issue({ name: 'population', hosts: 'IP:127.0.0.1', ...validity }, ca);
    const started = createServer({ cert: cert + ca.certificate, key }, (request, response) => {
      request.resume();
      answer(request, response);
    });
    server = started;
    await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
    const { port } = started.address() as AddressInfo;
    folder = mkdtempSync(join(tmpdir(), 'probe-'));
    const file = (name: string, text: string): void => writeFileSync(join(folder, name), text, { mode: 0o600 });
    mkdirSync(join(folder, 'registers', 'people'), { recursive: true });
    file('registers/people/schema.graphql', SCHEMA);
    file('registers/people/source.yaml', SOURCE);
    file('key', SECRET);
    file('secret', 'x'.repeat(64));
    file('ca.pem', ca.certificate);
    const people = `{ protocol: rest, url: "https://127.0.0.1:${port}/base", api_key_file: key, tls: { ca_file: ca.pem }, timeout_ms: 2000, test_person: "${PERSON}" }`;
    file(
      'tereze.yaml',
      LEAST_CONFIG.replace(
        'registers: {}',
        `supergraph: { directory: registers }\nregisters: { people: ${people}, untested: { protocol: rest, url: "http://127.0.0.1:9", api_key_file: key } }`,
      ),
    );
  };

  const run = async (...words: readonly string[]): Promise<{ readonly printed: string; readonly failed: boolean }> => {
    const terminal = new TestTerminal();
    const config = ['--config', join(folder, 'tereze.yaml')];
    await createProgram(terminal).parseAsync(['node', 'tereze', 'register', 'probe', ...words, ...config]);
    for (const hidden of [PERSON, SECRET, LAST_NAME, 'cookie-of-a-person'])
      expect(terminal.printed + terminal.warned).to.not.include(hidden);
    return terminal;
  };
  const explained = async (): Promise<ExplainedProbe & { readonly failed: boolean }> => {
    const { printed, failed } = await run('people', '--explain', '--json');
    return { ...(JSON.parse(printed) as ExplainedProbe), failed };
  };
  const stepsOf = ({ steps }: ExplainedProbe): readonly string[] =>
    steps.map(({ step, result, reason }) => [step, result, reason].filter((one) => one !== undefined).join(' '));
  const json = (response: ServerResponse, body: unknown, status = 200): void =>
    void response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));

  it('shows messages and certificates, and how the record differs from the mapping', async () => {
    await start();
    answer = (_, response) =>
      json(response, { items: [{ iin: PERSON, name: { last: LAST_NAME }, photo: 'cookie-of-a-person' }] });
    const probe = await explained();
    expect(probe.failed).to.equal(false);
    expect(stepsOf(probe)).to.deep.equal(['reach ok', 'authenticate ok', 'read ok', 'contract ok']);
    expect(probe.exchanges).to.have.length(1);
    expect(probe.exchanges?.[0]).to.include({ method: 'POST', status: 200, mediaType: 'application/json' });
    expect(probe.exchanges?.[0]?.address).to.match(/^https:\/\/127\.0\.0\.1:\d+\/base\/persons\/batch$/);
    expect(probe.certificates).to.deep.equal([
      {
        subject: 'CN=population',
        issuer: 'CN=State Authority',
        validFrom: '2020-01-01T00:00:00.000Z',
        validTo: '2099-01-01T00:00:00.000Z',
      },
      {
        subject: 'CN=State Authority',
        issuer: 'CN=State Authority',
        validFrom: '2020-01-01T00:00:00.000Z',
        validTo: '2099-01-01T00:00:00.000Z',
      },
    ]);
    expect(probe.record).to.deep.equal({
      neverOccurred: [{ field: 'Citizen.middleName', at: '/name/patronymic' }],
      unmapped: ['/photo'],
    });
  });

  it('shows the certificate that has expired, and says what to do, for a person too', async () => {
    await start({ to: '20210101000000Z' });
    answer = () => expect.fail('nothing may be asked');
    const probe = await explained();
    expect(probe.failed).to.equal(true);
    expect(stepsOf(probe)).to.deep.equal([
      'reach failed tls_expired',
      'authenticate unknown',
      'read unknown',
      'contract unknown',
    ]);
    expect(probe.certificates?.[0]?.validTo).to.equal('2021-01-01T00:00:00.000Z');
    const { printed } = await run('people', '--explain');
    expect(printed).to.match(/shows\s+CN=population, of CN=State Authority, valid 2020-01-01 to 2021-01-01/);
    expect(printed).to.match(/failed\s+reach\s+tls_expired/);
    expect(printed).to.include('The register’s operator must renew the certificate.');
  });

  for (const [what, send, steps] of [
    [
      'a 500',
      (response) => json(response, { error: `no ${PERSON}` }, 500),
      ['reach ok', 'authenticate unknown', 'read failed status_unexpected', 'contract unknown'],
    ],
    [
      'a login page',
      (response) =>
        void response.writeHead(200, { 'Content-Type': 'text/html', 'Set-Cookie': 'cookie-of-a-person' }).end('<html>'),
      ['reach ok', 'authenticate unknown', 'read failed content_type', 'contract unknown'],
    ],
    [
      'a redirect',
      (response) => void response.writeHead(302, { Location: `/login/${PERSON}` }).end(),
      ['reach ok', 'authenticate unknown', 'read failed redirect_refused', 'contract unknown'],
    ],
    [
      'a 401',
      (response) => json(response, {}, 401),
      ['reach ok', 'authenticate failed credentials_refused', 'read unknown', 'contract unknown'],
    ],
    [
      'a 403',
      (response) => json(response, {}, 403),
      ['reach ok', 'authenticate failed access_refused', 'read unknown', 'contract unknown'],
    ],
    [
      'another envelope',
      (response) => json(response, { data: [] }),
      ['reach ok', 'authenticate unknown', 'read failed envelope_missing', 'contract unknown'],
    ],
    [
      'a record of another person',
      (response) => json(response, { items: [{ iin: '910101300121', name: { last: LAST_NAME } }] }),
      ['reach ok', 'authenticate ok', 'read failed other_subject', 'contract unknown'],
    ],
    [
      'a value of another kind',
      (response) => json(response, { items: [{ iin: PERSON, name: { last: { first: LAST_NAME } } }] }),
      ['reach ok', 'authenticate ok', 'read failed value_type', 'contract unknown'],
    ],
  ] satisfies readonly (readonly [string, (response: ServerResponse) => void, readonly string[]])[]) {
    it(`claims of ${what} no more than it proves`, async () => {
      await start();
      answer = (_, response) => send(response);
      const probe = await explained();
      expect(probe.failed).to.equal(true);
      expect(stepsOf(probe)).to.deep.equal(steps);
      expect(JSON.stringify(probe)).to.not.include('910101300121');
      await run('people', '--explain');
    });
  }

  it('names the place of the fault', async () => {
    await start();
    answer = (_, response) => json(response, { data: [] });
    expect((await explained()).steps[2]).to.include({ reason: 'envelope_missing', at: '/items' });
    expect((await run('people', '--explain')).printed).to.match(/failed\s+read\s+envelope_missing at \/items/);
  });

  it('takes a configuration that is served ungoverned, which has no credentials', async () => {
    await start();
    answer = (_, response) => json(response, { items: [{ iin: PERSON, name: { last: LAST_NAME } }] });
    const { port } = server?.address() as AddressInfo;
    const written = (more: string): string =>
      `version: 1\nenvironment: test\nserver: { port: 4000 }\nsupergraph: { directory: registers }\nregisters: { people: { protocol: rest, url: "https://127.0.0.1:${port}/base", tls: { ca_file: ca.pem }, test_person: "${PERSON}"${more} } }\n`;
    writeFileSync(join(folder, 'tereze.yaml'), written(''));
    const { printed, failed } = await run('people', '--ungoverned');
    expect({ printed, failed }).to.deep.include({ failed: false });
    expect(printed).to.match(/ok +read +1 object/);
    writeFileSync(join(folder, 'tereze.yaml'), written(', api_key_file: key'));
    expect(String(await run('people', '--ungoverned').catch((error: unknown) => error))).to.include('is a credential');
  });

  it('is wrong use for a register that is unknown or has no test person', async () => {
    await start();
    for (const name of ['nothing', 'untested'])
      expect(await run(name).catch((error: unknown) => error))
        .to.be.instanceOf(CommandFailure)
        .with.property('kind', 'usage');
  });
});
