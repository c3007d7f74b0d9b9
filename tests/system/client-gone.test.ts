import { expect } from 'chai';
import * as oidc from 'openid-client';
import { setTimeout as sleep } from 'node:timers/promises';
import { HOUSING_FAMILY } from '../../demo/country/people.js';
import { accessWith, authorizationDetails, discover, tokenOf, type Access } from '../../gateway/cli/client/access.js';
import { readProfile } from '../../gateway/cli/client/profile.js';
import type { CompletionBody } from '../../monitoring/audit/entries.js';
import { startSystem, type RunningSystem } from './running-system.js';

const { applicant, caseNumber } = HOUSING_FAMILY;

const REGISTERS = ['population', 'civil-acts', 'address', 'property'] as const;

describe('a client that goes away', function () {
  this.timeout(60_000);
  let system: RunningSystem;

  before(async () => {
    system = await startSystem();
  });
  after(() => (system as RunningSystem | undefined)?.stop());

  /** Access over connections that are broken off by the signal. */
  async function accessUntil(signal: AbortSignal): Promise<Access> {
    const profile = await readProfile('housing', system.country.clients);
    const configuration = await discover(profile);
    const proof = oidc.getDPoPHandle(configuration, await oidc.randomDPoPKeyPair('ES256'));
    const parameters = {
      resource: profile.audience,
      authorization_details: authorizationDetails({
        purpose: 'housing_queue',
        case: { agency: 'housing', number: caseNumber },
      }),
    };
    const token = await tokenOf(oidc.clientCredentialsGrant(configuration, parameters, { DPoP: proof }));
    configuration[oidc.customFetch] = (url, options) => fetch(url, { ...(options as RequestInit), signal });
    return accessWith(configuration, profile, token, proof);
  }

  it('ends what it started, and the log says that it went, and that nothing was disclosed', async () => {
    const leaving = new AbortController();
    const access = await accessUntil(leaving.signal);
    for (const register of REGISTERS) system.country.reset(register);
    system.country.fault('address', 'hang');
    const asked = access
      .send('POST', '/graphql', { documentId: 'HousingQueue', variables: { iin: applicant.iin } })
      .then(
        () => 'answered',
        () => 'gone',
      );
    while (system.country.stats('address').calls === 0) await sleep(5);
    leaving.abort();
    expect(await asked).to.equal('gone');
    const [completion] = await untilThere(() =>
      system.reading((reader) => reader.list({ kind: 'completion', limit: 10 })),
    );
    expect(completion?.body).to.deep.include({
      kind: 'completion',
      outcome: 'failed',
      withheld: [{ category: '*', code: 'CLIENT_GONE', count: 1 }],
    });
    const body = completion?.body as CompletionBody;
    expect(new Set(body.disclosed.map((one) => one.access))).to.deep.equal(new Set(['read', 'asked']));
    expect(body.subjects, 'everyone who was asked about').to.have.length(4);
    for (const register of REGISTERS) {
      const used = body.registers.find((one) => one.register === register);
      expect(used?.calls ?? 0, register).to.equal(system.country.stats(register).calls);
      expect(used?.callIds ?? [], register).to.have.length(used?.calls ?? 0);
      if (register !== 'property')
        expect(used?.failure, register).to.equal(register === 'address' ? 'CLIENT_GONE' : null);
    }
    const lines = system.logged.filter((line) => line.includes('client_gone') || line.includes('request_failed'));
    expect(lines.map((line) => (JSON.parse(line) as { event: string }).event)).to.deep.equal(['client_gone']);
  });

  async function untilThere<T>(look: () => Promise<readonly T[]>): Promise<readonly T[]> {
    for (;;) {
      const found = await look();
      if (found.length > 0) return found;
      await sleep(20);
    }
  }
});
