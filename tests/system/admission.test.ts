import { request as httpRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { HOUSING_FAMILY, OFFICIAL, SUPPORTED_FAMILY } from '../../demo/country/people.js';
import type { Config } from '../../gateway/config/schema.js';
import { citizenOf, startSystem, type Answer, type RunningSystem } from './running-system.js';

const SLOTS = 12;

/** Few slots and few calls at a register, a slow system, and breakers that do not open. */
function crowded(config: Config): Config {
  const limited = { requests_per_second: 0.02, burst: 2 };
  return {
    ...config,
    server: { ...config.server, limits: { ...config.server.limits, max_in_flight: SLOTS } },
    authentication: {
      ...config.authentication,
      systems: config.authentication.systems.map((system) =>
        system.client_id === 'integrity' ? { ...system, ...limited } : system,
      ),
    },
    registers: Object.fromEntries(
      Object.entries(config.registers).map(([name, register]) => [
        name,
        { ...register, timeout_ms: 12_000, max_in_flight: 6, breaker: { ...register.breaker, volume: 10_000 } },
      ]),
    ),
  };
}

describe('admission', function () {
  this.timeout(120_000);
  let system: RunningSystem;
  const open: Socket[] = [];

  before(async () => {
    system = await startSystem(crowded);
  });
  afterEach(() => {
    for (const socket of open.splice(0)) socket.destroy();
  });
  after(() => (system as RunningSystem | undefined)?.stop());

  const housing = async (): Promise<() => Promise<Answer>> => {
    const access = await system.as('housing', 'housing_queue', HOUSING_FAMILY.caseNumber);
    const body = { documentId: 'HousingQueue', variables: { iin: HOUSING_FAMILY.applicant.iin } };
    return () => system.ask(access, body);
  };

  const counted = async (code: string) => {
    const entries = await system.reading((reader) => reader.list({ kind: 'refusals', code, limit: 100 }));
    return entries.flatMap(({ body }) => (body.kind === 'refusals' ? [body] : []));
  };
  const sumOf = (entries: readonly { readonly count: number }[]): number =>
    entries.reduce((sum, { count }) => sum + count, 0);
  /** Refusals are written once their window is over: resolves with the entries when they count this many. */
  const untilCounted = async (code: string, count: number): ReturnType<typeof counted> => {
    for (;;) {
      const entries = await counted(code);
      if (sumOf(entries) >= count) return entries;
      await sleep(100);
    }
  };

  it('answers a known caller beside strangers who ask without end, and counts each of them', async () => {
    const ask = await housing();
    let isOver = false;
    let refused = 0;
    const strangers = Array.from({ length: 24 }, async () => {
      while (!isOver) if ((await postNothing(system.gateway.url)) === 401) refused += 1;
    });
    try {
      for (let times = 0; times < 5 || refused <= 100; times += 1) expectServed(await ask());
    } finally {
      isOver = true;
      await Promise.all(strangers);
    }
    expect(sumOf(await untilCounted('UNAUTHENTICATED', refused))).to.equal(refused);
  });

  it('answers a known caller while strangers hold back the bodies of their requests', async () => {
    const ask = await housing();
    const { hostname, port } = new URL(system.gateway.url);
    for (let number = 0; number < 256; number += 1) {
      const socket = connect(Number(port), hostname);
      open.push(socket);
      socket.on('error', () => undefined);
      socket.write(
        'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
      );
    }
    await sleep(50);
    for (let times = 0; times < 5; times += 1) expectServed(await ask());
  });

  it('answers one caller while the questions of another hang at a register', async () => {
    const ask = await housing();
    const social = await system.as('social', 'proactive_support', SUPPORTED_FAMILY.caseNumber);
    const card = { documentId: 'FamilyCard', variables: { iin: SUPPORTED_FAMILY.applicant.iin } };
    system.country.fault('tax', 'hang');
    let ended = 0;
    const hanging = Array.from({ length: 40 }, () => system.ask(social, card).finally(() => (ended += 1)));
    while (system.country.stats('tax').calls === 0) await sleep(5);
    expectServed(await ask());
    expect(ended, 'they hang still').to.be.lessThan(40);
    const answers = await Promise.all(hanging).finally(() => system.country.fault('tax', 'off'));
    const codes = new Set(answers.flatMap(({ errors }) => errors.map(({ extensions }) => extensions.code)));
    expect([...codes].sort()).to.deep.equal(['GATEWAY_TIMEOUT', 'OVERLOADED']);
  });

  it('refuses a caller beyond its rate with the time to wait, and counts it by name', async () => {
    const access = await system.as('integrity', 'declaration_check', 'DC-2026-000501');
    const body = JSON.stringify({ documentId: 'DeclarationCheck', variables: { iin: OFFICIAL.iin } });
    const calls = system.calls();
    const statuses: number[] = [];
    for (let times = 0; times < 5; times += 1) {
      const headers = new Headers({ 'content-type': 'application/json' });
      const response = await access.fetch('/graphql', { method: 'POST', headers, body });
      statuses.push(response.status);
      const text = await response.text();
      if (response.status !== 429) continue;
      expect(Number(response.headers.get('retry-after'))).to.be.within(1, 50);
      expect(JSON.parse(text)).to.nested.include({ 'errors[0].extensions.code': 'RATE_LIMITED' });
      expect(JSON.parse(text).extensions.tereze).to.not.have.property('receipt');
    }
    expect(statuses).to.deep.equal([200, 200, 429, 429, 429]);
    expect(system.calls() - calls, 'for the first two').to.be.greaterThan(0);
    const entries = await untilCounted('RATE_LIMITED', 3);
    expect(sumOf(entries)).to.equal(3);
    for (const entry of entries) expect(entry).to.include({ agency: 'integrity', system: 'integrity' });
  });
});

function expectServed(answer: Answer): void {
  expect(answer.status).to.equal(200);
  expect(citizenOf(answer)).to.include({ iin: HOUSING_FAMILY.applicant.iin });
}

/** Sends `POST {}` without a token on a new connection; resolves with the status, or undefined if there is none. */
function postNothing(url: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/json' };
    const request = httpRequest(new URL('/graphql', url), { method: 'POST', headers, agent: false }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
    });
    request.on('error', () => resolve(undefined));
    request.end('{}');
  });
}
