import { expect } from 'chai';
import * as oidc from 'openid-client';
import { setTimeout as sleep } from 'node:timers/promises';
import { HOUSING_FAMILY } from '../../demo/country/people.js';
import { accessWith, authorizationDetails, discover, tokenOf } from '../../gateway/cli/client/access.js';
import { readProfile } from '../../gateway/cli/client/profile.js';
import { startGateway, type Gateway } from '../../gateway/compose/app.js';
import { attachEmbedded, type ConnectionSettings } from '../../gateway/state/embedded/server.js';
import type { CompletionBody } from '../../monitoring/audit/entries.js';
import { sharedContracts } from '../shared-contracts.js';
import {
  answerOf,
  citizenOf,
  codesAt,
  REGISTERS,
  startSystem,
  type Answer,
  type RunningSystem,
} from './running-system.js';

const { applicant, caseNumber } = HOUSING_FAMILY;
const CONSENT = {
  agency: 'housing',
  purpose: 'housing_queue',
  case: caseNumber,
  categories: ['property.land', 'property.buildings', 'property.vehicles'],
};
const QUESTION = { documentId: 'HousingQueue', variables: { iin: applicant.iin } };

/** A request with its token and proof. Each time it is sent, the same bytes go. */
interface Written {
  sendTo(gateway: Gateway): Promise<Answer>;
}

describe('two gateways on one database', function () {
  this.timeout(60_000);
  let system: RunningSystem;
  let other: Gateway;

  before(async () => {
    system = await startSystem();
    const { config } = system;
    const state = attachEmbedded(config.database.directory) ?? expect.fail('no database');
    // Both are behind one public address, as behind a load balancer.
    other = await startGateway(
      {
        ...config,
        database: { ...config.database, url: urlOf(state.runtime) },
        server: {
          ...config.server,
          port: 0,
          operations: { ...config.server.operations, port: 0 },
          ...(config.server.audit && { audit: { ...config.server.audit, port: 0 } }),
        },
      },
      { contracts: sharedContracts, log: { write: () => undefined } },
    );
  });
  after(async () => {
    await (other as Gateway | undefined)?.stop();
    await (system as RunningSystem | undefined)?.stop();
  });
  beforeEach(() => {
    for (const server of [...REGISTERS, 'agencies'] as const) system.country.reset(server);
  });

  /** Writes a request of the housing agency, and sends it nowhere. */
  const written = async (): Promise<Written> => {
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
    let kept: RequestInit | undefined;
    configuration[oidc.customFetch] = (_, options) => {
      kept = options as RequestInit;
      return Promise.resolve(new Response('{}'));
    };
    await accessWith(configuration, profile, token, proof).send('POST', '/graphql', QUESTION);
    const request = kept ?? expect.fail('nothing was written');
    return {
      sendTo: async (gateway) => {
        const response = await fetch(new URL('/graphql', gateway.url), request);
        return answerOf({ status: response.status, text: await response.text() });
      },
    };
  };
  const askedFor = (): number => system.country.stats('agencies').calls;
  const entriesNow = (): Promise<number> =>
    system.reading(async (reader) => (await reader.list({ kind: 'intent', limit: 100 })).length);

  for (const [name, first, second] of [
    ['the first', () => system.gateway, () => other],
    ['the second', () => other, () => system.gateway],
  ] as const)
    it(`accept a proof once: what ${name} has answered, the other refuses and asks no register`, async () => {
      const request = await written();
      expect((await request.sendTo(first())).status).to.equal(200);
      const calls = system.calls();
      const intents = await entriesNow();
      expect(replayed(await request.sendTo(second()))).to.equal(true);
      expect(await entriesNow(), 'intents').to.equal(intents);
      expect(system.calls(), 'calls at registers').to.equal(calls);

      // From here on each of them has seen it: no case system is asked, and no list.
      const before = askedFor();
      for (const gateway of [first(), second()]) expect(replayed(await request.sendTo(gateway))).to.equal(true);
      expect(askedFor(), 'calls to case system and list').to.equal(before);
      expect(system.calls(), 'calls at registers').to.equal(calls);
    });

  it('accept a proof once that reaches both at the same time', async () => {
    for (let round = 0; round < 5; round += 1) {
      const request = await written();
      const intents = await entriesNow();
      const answers = await Promise.all([system.gateway, other].map((gateway) => request.sendTo(gateway)));
      expect(answers.filter(({ status }) => status === 200)).to.have.length(1);
      expect(answers.filter(replayed)).to.have.length(1);
      expect(await entriesNow(), 'intents').to.equal(intents + 1);
    }
  });

  it('disclose nothing on a consent that is withdrawn at the other one while a register is asked', async () => {
    const citizen = await system.citizen(applicant.iin);
    const given = await system.ask(citizen, CONSENT, '/consents');
    const [consent] = given.data?.['consents'] as { readonly id: string }[];
    // With the consent in force the answer has what the withdrawal is to keep back.
    const open = await (await written()).sendTo(other);
    const secrets = [...openedOf(open, 'buildings', 'cadastralNumber'), ...openedOf(open, 'vehicles', 'plate')];
    expect(secrets).to.have.length.greaterThan(1);

    system.country.reset('property');
    const letGo = system.country.holdNext('property');
    const asked = (await written()).sendTo(other);
    while (system.country.stats('property').calls === 0) await sleep(10);
    expect((await system.ask(citizen, {}, `/consents/${consent?.id ?? ''}/withdraw`)).status).to.equal(200);
    letGo();
    const answer = await asked;
    expect(answer.errors.map(({ extensions }) => extensions.code)).to.deep.equal(['CONSENT_WITHDRAWN']);
    expect(answer.data).to.equal(null);
    for (const known of [applicant.firstName, ...secrets]) expect(answer.text).to.not.include(known);
    const [intent, completion] = await system.entries(answer.tereze.requestId);
    expect(intent?.kind).to.equal('intent');
    const { outcome, disclosed } = completion as CompletionBody;
    expect(outcome).to.equal('failed');
    expect(disclosed.map(({ access }) => access))
      .to.include('read')
      .and.not.include('disclose');

    // The next question reads the withdrawal, and the register is not asked about the applicant.
    system.country.reset('property');
    const later = await (await written()).sendTo(other);
    expect(later.status).to.equal(200);
    expect(codesAt(later, 'citizen.buildings')).to.deep.equal(['CONSENT_WITHDRAWN']);
    for (const known of secrets) expect(later.text).to.not.include(known);
    expect(system.country.people('property')).to.not.include(applicant.iin);
  });
});

/** Whether an answer is the refusal of a proof that was used, and nothing else. */
function replayed({ status, data, errors }: Answer): boolean {
  return (
    status === 401 &&
    data === null &&
    errors.length === 1 &&
    errors[0]?.extensions.code === 'INVALID_DPOP_PROOF' &&
    JSON.stringify(errors[0].extensions['reasons']) === '["proof_replayed"]'
  );
}

/** The values of a field in one list of the person asked about. */
function openedOf(answer: Answer, list: string, field: string): readonly string[] {
  const records = citizenOf(answer)[list] as readonly Readonly<Record<string, string>>[] | null;
  return (records ?? []).map((record) => record[field] ?? expect.fail(`no ${field}`));
}

/** The address of a server behind a socket. */
function urlOf({ host, port, user, password, database }: ConnectionSettings): string {
  const url = new URL(`postgresql://${user}@localhost/${database}`);
  url.password = password;
  url.searchParams.set('host', host);
  url.searchParams.set('port', String(port));
  return url.href;
}
