import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mock } from 'node:test';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { z } from 'zod';
import { consentConfig, policiesConfig } from '../../policies/config.js';
import { loadPolicies, readPolicyFiles } from '../../policies/load-policies.js';
import { openPolicies, type Policies, type PoliciesPorts } from '../../policies/open-policies.js';
import type { SqlExecutor } from '../../schemas/ports/sql.js';
import { Refusal } from '../../schemas/refusal.js';
import { listeningObserver, runningClock, seededRandom } from '../doubles.js';
import { PARTIES } from './parties.js';
import { ADULT } from './people.js';
import { registerCategories } from './register-categories.js';
import { createHttpClient } from '../../gateway/compose/http-client.js';

const HOUR_MS = 3_600_000;

const DECOYS = ['680203499702', '100203699706'];

describe('open-policies', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'tereze-policies-'));
    writeFileSync(join(folder, 'secret'), 's'.repeat(32));
    writeFileSync(join(folder, 'token'), 'token');
    writeFileSync(join(folder, 'empty'), '\n');
  });
  after(() => rmSync(folder, { recursive: true }));

  const opened: Policies[] = [];
  afterEach(async () => {
    for (const policies of opened.splice(0)) await policies.close();
  });

  /** The room on the repository's rules, and every statement that it sent to the database. */
  const open = (
    settings: Partial<z.input<typeof policiesConfig>> = {},
    query: SqlExecutor['query'] = async () => ({ rows: [], count: 0 }),
  ) => {
    const statements: string[] = [];
    const observer = listeningObserver();
    const sql: PoliciesPorts['sql'] = {
      query: (text, values) => {
        statements.push(text);
        return query(text, values);
      },
      transaction: () => Promise.reject(new Error('not expected')),
    };
    const config = {
      policies: policiesConfig.parse({ secret_file: join(folder, 'secret'), ...settings }),
      consent: consentConfig.parse({}),
    };
    const ports = {
      sql,
      http: createHttpClient(),
      clock: runningClock(),
      random: seededRandom(),
      observer,
      restrictions: { note: async () => 1, noted: async () => undefined },
      categories: registerCategories(),
      fieldsOf: () => [],
      agencies: ['housing'],
      clients: [PARTIES.housing],
    };
    const policies = openPolicies(config, loadPolicies(readPolicyFiles(config.policies, ports), ports), ports);
    opened.push(policies);
    return { policies, statements, observer };
  };

  it('knows what a consent may name', () => {
    const { knows } = open().policies;
    expect([knows.agency('housing'), knows.agency('nowhere')]).to.deep.equal([true, false]);
    expect([knows.category('population.identity'), knows.category('population.nothing')]).to.deep.equal([true, false]);
    expect(['housing_queue', 'appeal_review', 'nothing'].map((name) => knows.purpose(name))).to.deep.equal([
      true,
      false,
      false,
    ]);
  });

  it('says which purposes need a case, and on which bases they stand without consent', () => {
    const { policies } = open();
    expect(['housing_queue', 'own_data', 'nothing'].map(policies.needsCase)).to.deep.equal([true, false, undefined]);
    expect(['housing_queue', 'own_data', 'nothing'].map(policies.statutoryBases)).to.deep.equal([
      ['public_task'],
      ['legal_obligation'],
      [],
    ]);
  });

  it('decides by the rules and shows a caller only what some rule opens', () => {
    const { permissionsFor, isInView } = open().policies;
    const asked = { caller: PARTIES.housing, purpose: 'housing_queue', access: 'disclose', ownCase: true } as const;
    expect(permissionsFor({ ...asked, category: 'population.identity' }).permissions).to.not.deep.equal([]);
    expect(permissionsFor({ ...asked, category: 'tax.income' }).permissions).to.deep.equal([]);
    expect(isInView(PARTIES.housing, 'population.identity')).to.equal(true);
    expect(isInView(PARTIES.housing, 'tax.income')).to.equal(false);
  });

  it('opens no gate for a purpose that it does not know', () => {
    const opening = {
      caller: PARTIES.housing,
      case: undefined,
      decisions: [],
      reads: new Map(),
      deadline: 1,
      caseFacts: async () => new Map(),
    };
    const { policies } = open();
    expect(() => policies.openGate({ ...opening, purpose: 'nothing' }))
      .to.throw(Refusal)
      .that.deep.includes({ code: 'PURPOSE_REQUIRED', reasons: ['purpose_unknown'] });
  });

  describe('purging handles', () => {
    beforeEach(() => mock.timers.enable({ apis: ['setInterval'] }));
    afterEach(() => mock.timers.reset());

    it('goes on every hour, until the room is closed', async () => {
      const { policies, statements } = open();
      mock.timers.tick(HOUR_MS - 1);
      expect(statements).to.deep.equal([]);
      mock.timers.tick(1);
      mock.timers.tick(HOUR_MS);
      expect(statements).to.have.length(2);
      expect(statements[0]).to.match(/^DELETE FROM person_handle/);
      await policies.close();
      mock.timers.tick(2 * HOUR_MS);
      expect(statements).to.have.length(2);
    });

    it('logs when it fails, and tries again', async () => {
      const { statements, observer } = open({}, () => Promise.reject(new Error('the database is down')));
      mock.timers.tick(HOUR_MS);
      await new Promise(setImmediate);
      expect(observer.lines).to.deep.equal([{ level: 'warn', event: 'handles_not_purged', fields: {} }]);
      mock.timers.tick(HOUR_MS);
      expect(statements).to.have.length(2);
    });

    it('does not start where a file cannot be used', () => {
      const timers = mock.method(globalThis, 'setInterval');
      const broken = [
        { secret_file: join(folder, 'nowhere') },
        { purposes: join(folder, 'nowhere') },
        { rules: folder },
        { nexus: { sources: { housing: { url: 'http://127.0.0.1:1', token_file: join(folder, 'empty') } } } },
        { protection: { url: 'http://127.0.0.1:1', token_file: join(folder, 'empty'), decoys: DECOYS } },
      ];
      for (const settings of broken) expect(() => open(settings), JSON.stringify(settings)).to.throw(folder);
      expect(timers.mock.callCount()).to.equal(0);
      timers.mock.restore();
    });
  });

  it('closes the connections to the case systems and to the list of protected people', async () => {
    const caseSystem = await listening('{"facts":[]}');
    const list = await listening('{"protected":[]}');
    const token_file = join(folder, 'token');
    const { policies } = open({
      nexus: { sources: { housing: { url: caseSystem.url, token_file } } },
      protection: { url: list.url, token_file, decoys: DECOYS },
    });
    const asked = { case: { agency: 'housing', number: 'HQ-1' }, purpose: 'housing_queue', subjects: [ADULT] };
    const deadline = performance.now() + 5_000;
    const gate = policies.openGate({
      caller: PARTIES.housing,
      ...asked,
      decisions: [],
      reads: new Map(),
      deadline,
      caseFacts: async () => (await policies.nexus.facts({ ...asked, deadline })).facts,
    });
    await gate.closedTo([ADULT], []);
    expect([await caseSystem.connections(), await list.connections()]).to.deep.equal([1, 1]);
    await policies.close();
    await Promise.all([caseSystem.left, list.left]);
    await Promise.all([caseSystem.close(), list.close()]);
  });
});

interface Listening {
  readonly url: string;
  connections(): Promise<number>;
  /** Resolves when the client closes its connection. */
  readonly left: Promise<void>;
  close(): Promise<void>;
}

async function listening(answer: string): Promise<Listening> {
  const server: Server = createServer((request, response) => {
    request.resume().on('end', () => response.setHeader('content-type', 'application/json').end(answer));
  });
  server.keepAliveTimeout = 60_000;
  const left = new Promise<void>((resolve) => server.on('connection', (socket) => socket.on('close', () => resolve())));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
      ),
    left,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
