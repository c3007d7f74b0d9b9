import { connect } from 'node:net';
import { expect } from 'chai';
import fc from 'fast-check';
import { HOUSING_FAMILY } from '../../demo/country/people.js';
import type { Access } from '../../gateway/cli/client/access.js';
import type { Config } from '../../gateway/config/schema.js';
import { ERROR_CATALOGUE } from '../../schemas/errors.js';
import { answerOf, startSystem, type Answer, type RunningSystem } from '../system/running-system.js';
import { mutationOf } from './mutations.js';

/** Inputs in a run; `FUZZ_INPUTS` asks for more, `FUZZ_SEED` for the same again. */
const INPUTS = Number(process.env['FUZZ_INPUTS'] ?? 100);
const SEED = Number(process.env['FUZZ_SEED'] ?? Math.floor(Date.now() / 1000));
const TIMEOUT_MS = 600_000;
/** Sent at once, as far as no one is known yet: a refusal waits there for the entry of its second. */
const AT_ONCE = 50;

const { applicant, caseNumber } = HOUSING_FAMILY;
const TEXT =
  'query Q($iin: Iin!) { citizen(iin: $iin) { lastName firstName address { city street } spouse { lastName } children { birthDate } } }';
const BODIES = [
  JSON.stringify({ documentId: 'HousingQueue', variables: { iin: applicant.iin } }),
  JSON.stringify({ query: TEXT, operationName: 'Q', variables: { iin: applicant.iin } }),
];

const CALLERS_CODES = Object.keys(ERROR_CATALOGUE).filter((code) => code !== 'INTERNAL_SERVER_ERROR');

/** Input that is beyond a rate would be refused without being looked at. */
function withoutRates(config: Config): Config {
  const systems = config.authentication.systems.map((one) => ({
    ...one,
    requests_per_second: 100_000,
    burst: 100_000,
  }));
  return { ...config, authentication: { ...config.authentication, systems } };
}

describe('random input', function () {
  this.timeout(TIMEOUT_MS);
  let system: RunningSystem;
  before(async () => {
    system = await startSystem(withoutRates);
  });
  after(() => (system as RunningSystem | undefined)?.stop());

  /** Inputs in one property run; runs are repeated until the number of inputs is reached. */
  const batches = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
    fc.array(one, { minLength: AT_ONCE, maxLength: AT_ONCE });
  const tries = { seed: SEED, numRuns: Math.ceil(INPUTS / AT_ONCE), endOnFailure: true } as const;

  it(`by a caller who is known is answered, or refused by a code that the caller can act on: ${INPUTS} bodies and documents, seed ${SEED}`, async () => {
    const bodies = fc.oneof(
      ...BODIES.map(mutationOf),
      mutationOf(TEXT).map((query) => JSON.stringify({ query, variables: { iin: applicant.iin } })),
    );
    await fc.assert(
      fc.asyncProperty(batches(bodies), async (batch) => {
        const access = await system.as('housing', 'housing_queue', caseNumber);
        const before = system.calls();
        const unreadable = await Promise.all(
          batch.filter((body) => !isJson(body)).map((body) => answerTo(access, body)),
        );
        for (const answer of unreadable) expect(answer.data, answer.text).to.equal(null);
        expect(system.calls(), 'what cannot be read reached a register').to.equal(before);
        for (const body of batch.filter(isJson)) await answerTo(access, body, system.calls());
      }),
      tries,
    );
    expect(
      system.logged.filter((line) => line.includes('request_failed') || line.includes('http_handler_failed')),
    ).to.deep.equal([]);
    expect(system.logged.join('')).to.not.include(applicant.iin);
  });

  async function answerTo(access: Access, body: string, callsBefore?: number): Promise<Answer> {
    const response = await access.fetch('/graphql', {
      method: 'POST',
      headers: new Headers({ 'content-type': 'application/json' }),
      body,
    });
    const answer = answerOf({ status: response.status, text: await response.text() });
    expect(answer.status, answer.text).to.be.lessThan(500);
    for (const { extensions } of answer.errors) expect(CALLERS_CODES, answer.text).to.include(extensions.code);
    if (answer.data !== null) return answer;
    expect(answer.errors.length, answer.text).to.be.greaterThan(0);
    expect(answer.text).to.not.include(applicant.iin);
    if (callsBefore !== undefined)
      expect(system.calls(), 'a refused question reached a register').to.equal(callsBefore);
    return answer;
  }

  it(`by no one in particular ends in a refusal or a closed connection, and others are answered: ${INPUTS} times, seed ${SEED}`, async () => {
    const { hostname, port } = new URL(system.gateway.url);
    const [body = ''] = BODIES;
    const request = `POST /graphql HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: application/json\r\nTereze-Purpose: housing_queue\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;
    const before = system.calls();
    await fc.assert(
      fc.asyncProperty(batches(mutationOf(request)), async (batch) => {
        for (const answer of await Promise.all(batch.map((bytes) => exchange(hostname, Number(port), bytes)))) {
          if (answer !== '') expect(answer).to.match(/^HTTP\/1\.1 4\d\d /);
          expect(answer).to.not.include(applicant.iin);
        }
      }),
      tries,
    );
    expect(system.calls()).to.equal(before);
    const answer = await system.ask(await system.as('housing', 'housing_queue', caseNumber), JSON.parse(body));
    expect(answer.status).to.equal(200);
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** What comes back for these bytes until the connection ends; it is half-closed once they are sent. */
function exchange(host: string, port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect({ host, port }, () => socket.end(bytes));
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')));
    socket.on('close', () => resolve(answer));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' || error.code === 'EPIPE' ? resolve(answer) : reject(error),
    );
  });
}
