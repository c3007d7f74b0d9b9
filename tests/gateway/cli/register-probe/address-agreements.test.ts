import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { LEAST_CONFIG } from '../../config/example.js';
import { printedBy } from '../command-line.js';

const SCHEMA = `
extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key"])
  @link(url: "https://tereze.kz/governance/v1.0", import: ["@category", "@subject"])
scalar Iin
type Citizen @key(fields: "iin") @subject(field: "iin") @category(name: "people.identity") {
  iin: Iin!
  lastName: String
}
`;
/** An identification number that no one has. */
const PERSON = '010203590013';

function sourceUntil(until: string): string {
  return `
protocol: rest
operations:
  person:
    request: { path: "/persons/{iin}" }
    identifier_in_address: { owner: Ministry of Justice, agreement: 2026-114, until: ${until} }
types:
  Citizen: { key: iin, read: person, fields: { iin: iin, lastName: name } }
`;
}

/** The day on which these probes are made. */
const TODAY = '2026-06-01';

describe('tereze register probe of a register with identifiers in its addresses', function () {
  this.timeout(60_000);
  let server: Server;
  let folder: string;
  before(async () => {
    server = createServer((_, response) => {
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify({ iin: PERSON, name: 'Kim' }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    folder = mkdtempSync(join(tmpdir(), 'probe-agreements-'));
    mkdirSync(join(folder, 'registers', 'people'), { recursive: true });
    writeFileSync(join(folder, 'registers', 'people', 'schema.graphql'), SCHEMA);
    writeFileSync(join(folder, 'secret'), 'x'.repeat(64), { mode: 0o600 });
    const { port } = server.address() as AddressInfo;
    const register = { protocol: 'rest', url: `http://127.0.0.1:${port}`, test_person: PERSON, auth: { type: 'none' } };
    const config = LEAST_CONFIG.replace(
      'registers: {}',
      `supergraph: { directory: registers }\nregisters: { people: ${JSON.stringify(register)} }`,
    );
    writeFileSync(join(folder, 'tereze.yaml'), `${config}\njurisdiction: { fact_date: ${TODAY} }\n`);
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  async function probe(until: string, ...options: readonly string[]): Promise<string> {
    writeFileSync(join(folder, 'registers', 'people', 'source.yaml'), sourceUntil(until));
    const printed = await printedBy('register', 'probe', 'people', '--config', join(folder, 'tereze.yaml'), ...options);
    expect(printed).to.not.include(PERSON);
    return printed;
  }

  for (const options of [[], ['--explain']])
    it(`warns of agreements from 30 days before their end${options.length === 0 ? '' : ', and explains'}`, async () => {
      expect(await probe('2026-07-02', ...options))
        .to.match(/ok +read/)
        .and.not.include('warns');
      expect(await probe('2026-06-02', ...options))
        .to.match(/ok +read/)
        .and.include(
          'warns   identifier_in_address: agreement 2026-114 for person (GET /persons/{iin}) ends on 2026-06-02, in 1 day: renew it with Ministry of Justice',
        );
    });

  it('warns of an agreement that has ended, and calls nothing', async () => {
    expect(await probe('2026-05-31'))
      .to.include('address_agreement_ended')
      .and.include('ended on 2026-05-31, and the operation is not called');
  });
});
