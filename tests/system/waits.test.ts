import { AsyncLocalStorage } from 'node:async_hooks';
import diagnosticsChannel from 'node:diagnostics_channel';
import http from 'node:http';
import { expect } from 'chai';
import pg from 'pg';
import { HOUSING_FAMILY } from '../../demo/country/people.js';
import type { Access } from '../../gateway/cli/client/access.js';
import { startSystem, type RunningSystem } from './running-system.js';

const { applicant, wife, caseNumber } = HOUSING_FAMILY;

/** What one request waited for. */
interface Waits {
  /** Statements that went to PostgreSQL: each is a round trip. */
  readonly statements: readonly string[];
  /** Calls to the case system and to the list of protected people, by path. */
  readonly calls: readonly string[];
}

/** Statements about the state: the demo's registers use PostgreSQL, too. */
const isOfState = (text: string): boolean =>
  /^(BEGIN|COMMIT|ROLLBACK)$|audit_entry|consent_|dpop_replay|handle/.test(text);
const isCommit = (text: string): boolean => text === 'COMMIT' || /\b(INSERT|UPDATE|DELETE)\b/.test(text);

/** Holds for all that follows from a request that a server received, and not for the upkeep that a timer begins. */
const ofRequest = new AsyncLocalStorage<true>();

/** Notes what requests send to PostgreSQL and to other services in this process while `work` runs. */
async function noting(work: () => Promise<unknown>): Promise<Waits> {
  const statements: string[] = [];
  const calls: string[] = [];
  const client = pg.Client.prototype as unknown as { query: (...given: readonly unknown[]) => unknown };
  const server = http.Server.prototype as unknown as { emit: (event: string, ...given: readonly unknown[]) => boolean };
  const { query } = client;
  const { emit } = server;
  client.query = function noted(this: unknown, ...given) {
    const [sent] = given as readonly [string | { readonly text: string }];
    const text = typeof sent === 'string' ? sent : sent.text;
    if (ofRequest.getStore() === true && isOfState(text)) statements.push(text);
    return query.apply(this, [...given]);
  };
  server.emit = function noted(this: unknown, event, ...given) {
    const emitted = (): boolean => emit.call(this, event, ...given);
    return event === 'request' ? ofRequest.run(true, emitted) : emitted();
  };
  const onRequest = (message: unknown): void => {
    calls.push((message as { readonly request: { readonly path: string } }).request.path);
  };
  diagnosticsChannel.subscribe('undici:request:create', onRequest);
  try {
    await work();
  } finally {
    client.query = query;
    server.emit = emit;
    diagnosticsChannel.unsubscribe('undici:request:create', onRequest);
  }
  return { statements, calls };
}

describe('what a request waits for', function () {
  this.timeout(60_000);
  let system: RunningSystem;
  let housing: Access;

  before(async () => {
    system = await startSystem();
    housing = await system.as('housing', 'housing_queue', caseNumber);
    const terms = { agency: 'housing', purpose: 'housing_queue', case: caseNumber, categories: ['property.land'] };
    for (const { iin } of [applicant, wife])
      expect((await system.ask(await system.citizen(iin), terms, '/consents')).status).to.equal(200);
  });
  after(() => (system as RunningSystem | undefined)?.stop());

  const ofApplicant = {
    query: 'query($iin: Iin!) { citizen(iin: $iin) { lastName lands { area } } }',
    variables: { iin: applicant.iin },
  };
  const ofWife = {
    query: 'query($iin: Iin!) { citizen(iin: $iin) { lastName spouse { lastName lands { area } } } }',
    variables: { iin: applicant.iin },
  };
  const ofFamily = { documentId: 'HousingQueue', variables: { iin: applicant.iin } };

  /** The waits of the request with the fewest, of several: a first request opens connections and prepares statements. */
  const fewest = async (body: unknown, status: number): Promise<Waits> => {
    let least: Waits | undefined;
    for (let request = 0; request < 4; request += 1) {
      const noted = await noting(async () => expect((await system.ask(housing, body)).status).to.equal(status));
      if (least === undefined || noted.statements.length < least.statements.length) least = noted;
    }
    return least ?? expect.fail();
  };
  const among = (calls: readonly string[], path: string): number => calls.filter((one) => one.startsWith(path)).length;

  for (const [what, body, statements, listed] of [
    ['one person', ofApplicant, 3, 2],
    // The person who is named needs no consent: what is read is that of those the link leads to.
    ['a wife', ofWife, 3, 3],
    // Consents are read once more, of those that a link leads to.
    ['a family', ofFamily, 4, 5],
  ] as const)
    it(`is ${statements} statements and two commits for ${what} whose consents are relied on, and one call to the case system`, async () => {
      const noted = await fewest(body, 200);
      expect(noted.statements.length, firstWords(noted)).to.equal(statements);
      expect(noted.statements.filter(isCommit).length).to.equal(2);
      expect(among(noted.calls, '/api/v1/cases/facts')).to.equal(1);
      // Once for each wave that finds people or dwellings.
      expect(among(noted.calls, '/api/v1/protected-people/among')).to.be.at.most(listed);
    });

  it('is one statement for a request that is refused before any case is looked at', async () => {
    const noted = await fewest({ documentId: 'Nothing', variables: {} }, 404);
    expect(noted.statements.length, firstWords(noted)).to.equal(1);
    expect(among(noted.calls, '/api/')).to.equal(0);
  });
});

/** For the message of a failure. */
function firstWords({ statements }: Waits): string {
  return statements.map((text) => text.trim().slice(0, 60)).join(' | ');
}
