import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { HOUSING_FAMILY } from '../../demo/country/people.js';
import type { Access, Reply } from '../../gateway/cli/client/access.js';
import { packageRoot } from '../../gateway/state/package-root.js';
import { answerOf, citizenOf, codesAt, startSystem, type Answer, type RunningSystem } from './running-system.js';

const { applicant, wife, caseNumber } = HOUSING_FAMILY;
const TERMS = { agency: 'housing', purpose: 'housing_queue', case: caseNumber, categories: ['property.land'] };
const BOUNDS = { in_force: 3, new_per_hour: 6 };

interface Listed {
  readonly consents: readonly { readonly id: string; readonly status: string }[];
  readonly next?: string;
}

describe('consents of a citizen', function () {
  this.timeout(120_000);
  let folder: string;
  let system: RunningSystem;
  let housing: Access;

  const purposes = (): string => join(folder, 'purposes.yaml');
  const schema = (): string => join(folder, 'registers', 'property', 'schema.graphql');

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tereze-consents-'));
    cpSync(join(packageRoot(), 'schemas', 'registers'), join(folder, 'registers'), { recursive: true });
    cpSync(join(packageRoot(), 'policies', 'purposes.yaml'), purposes());
    system = await startSystem((config) => ({
      ...config,
      supergraph: { directory: join(folder, 'registers') },
      policies: { ...config.policies, purposes: purposes() },
      consent: { ...config.consent, bounds: BOUNDS },
    }));
    housing = await system.as('housing', 'housing_queue', caseNumber);
  });
  after(async () => {
    await (system as RunningSystem | undefined)?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const replace = async (file: string, from: string, to: string): Promise<void> => {
    const text = readFileSync(file, 'utf8');
    expect(text).to.include(from);
    writeFileSync(file, text.replace(from, to));
    await system.gateway.reload?.(async () => system.config);
  };
  const ask = (fields: string): Promise<Answer> =>
    system.ask(housing, {
      query: `query($iin: Iin!) { citizen(iin: $iin) { ${fields} } }`,
      variables: { iin: applicant.iin },
    });
  const idOf = ({ data }: Answer): string => (data as unknown as Listed).consents[0]?.id ?? '';
  const listed = (reply: Reply): Listed => answerOf(reply).data as unknown as Listed;

  it('open what their texts said, however catalogue and purposes change after that', async () => {
    const citizen = await system.citizen(applicant.iin);
    const given = { ...TERMS, categories: ['property.land', 'property.vehicles'] };
    expect((await system.ask(citizen, given, '/consents')).status).to.equal(200);
    const whole = await ask('lands { area } vehicles { plate ownedSince }');
    expect(whole.errors).to.deep.equal([]);

    // A field of vehicles becomes one of land.
    await replace(
      schema(),
      '  year: Int\n  ownedSince: LocalDate',
      '  year: Int\n  ownedSince: LocalDate @category(name: "property.land")',
    );
    const calls = system.country.stats('property').calls;
    const newer = await ask('lands { area } vehicles { plate ownedSince }');
    expect(codesAt(newer, 'citizen.lands')).to.deep.equal(['CONSENT_REQUIRED']);
    expect(JSON.stringify(newer.data)).to.not.include('ownedSince":"');
    expect(citizenOf(await ask('lands { area }'))['lands']).to.deep.equal(citizenOf(whole)['lands']);
    expect(system.country.stats('property').calls).to.be.greaterThan(calls);
    expect((await system.ask(citizen, given, '/consents')).status).to.equal(200);
    expect((await ask('lands { area } vehicles { plate ownedSince }')).data).to.deep.equal(whole.data);

    const title = 'title: Keeping the queue for public housing';
    await replace(purposes(), title, 'title: Selling public housing');
    expect(codesAt(await ask('lands { area }'), 'citizen.lands')).to.deep.equal(['CONSENT_REQUIRED']);
    const law = /law: (Law "On Housing.*)\n/.exec(readFileSync(purposes(), 'utf8'))?.[1] ?? '';
    const earlier = `earlier_texts: [{ ${title}, law: '${law}' }]`;
    await replace(purposes(), 'title: Selling public housing', `title: Keeping the housing queue\n    ${earlier}`);
    expect(citizenOf(await ask('lands { area }'))['lands']).to.deep.equal(citizenOf(whole)['lands']);
  });

  it('are bounded, in pages, and withdrawn at any time', async () => {
    const citizen = await system.citizen(wife.iin);
    const give = (number: number, agency = 'housing'): Promise<Answer> =>
      system.ask(citizen, { ...TERMS, agency, case: `HQ-2026-0009${String(number)}` }, '/consents');
    const ids: string[] = [];
    for (let number = 10; number < 13; number += 1) ids.unshift(idOf(await give(number)));
    const fourth = await give(13);
    expect(fourth.status).to.equal(429);
    expect(fourth.errors[0]?.extensions).to.include({ code: 'CONSENT_BOUND_REACHED', whoMustAct: 'citizen' });
    expect(fourth.errors[0]?.extensions)
      .to.have.property('endsAt')
      .that.matches(/^20.*Z$/);
    expect(fourth.errors[0]?.extensions).to.have.deep.property('reasons', ['in_force']);

    const first = listed(await citizen.send('GET', '/consents?limit=2'));
    const second = listed(await citizen.send('GET', `/consents?limit=2&after=${first.next ?? ''}`));
    expect([...first.consents, ...second.consents].map(({ id }) => id)).to.deep.equal(ids);
    expect(second).to.not.have.property('next');
    expect(answerOf(await citizen.send('GET', '/consents?iin=1')).errors[0]?.extensions).to.deep.include({
      code: 'BAD_USER_INPUT',
      reasons: ['unknown_parameter'],
    });

    for (let times = 0; times < 3; times += 1)
      for (const id of ids) expect((await system.ask(citizen, {}, `/consents/${id}/withdraw`)).status).to.equal(200);
    for (let number = 14; number < 17; number += 1) expect((await give(number)).status).to.equal(200);
    const tooMany = await give(17);
    expect(tooMany.errors[0]?.extensions).to.deep.include({ code: 'CONSENT_BOUND_REACHED', reasons: ['new_per_hour'] });
    const last = listed(await citizen.send('GET', '/consents?limit=1'));
    expect((await system.ask(citizen, {}, `/consents/${last.consents[0]?.id ?? ''}/withdraw`)).status).to.equal(200);
  });
});
