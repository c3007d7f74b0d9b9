import { expect } from 'chai';
import { generateCountry } from '../../../demo/country/country.js';
import { HOUSING_FAMILY, NOBODY } from '../../../demo/country/people.js';
import { populationRegister } from '../../../demo/registers/population/register.js';
import { served, type Served } from './served.js';

describe('the population register', () => {
  const { applicant, wife, children } = HOUSING_FAMILY;
  const key = { 'X-Api-Key': 'the key' };
  let register: Served;

  before(async () => {
    register = await served((meter) => populationRegister(generateCountry().persons, 'the key', meter));
  });
  beforeEach(() => {
    register.meter.reset();
  });
  after(() => register.listener.close());

  it('reads one person by the number in the body', async () => {
    const { status, json } = await register.post('/api/v1/persons/read', { iin: applicant.iin }, key);
    expect(status).to.equal(200);
    expect(json).to.include({ iin: applicant.iin, last_name: 'Серікбаев', first_name: 'Нұрлан', middle_name: 'Ерболұлы', birth_date: '1988-05-14', sex: 'M', life_status: 'ALIVE', death_date: null });
    expect(json).to.have.property('family').that.deep.equals({ spouse_iin: wife.iin, children_iins: children.map(({ iin }) => iin), parents_iins: [] });
    expect(json).to.have.nested.property('documents[0]').that.has.all.keys('doc_type', 'doc_number', 'issued_on', 'expires_on', 'issuer');
    expect((json as { record_updated_at: string }).record_updated_at).to.match(/^2026-0[12]-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  it('says that nobody has a number', async () => {
    expect(await register.post('/api/v1/persons/read', { iin: NOBODY }, key)).to.deep.equal({ status: 404, json: { error: { code: 'NOT_FOUND' } } });
  });

  it('reads many in the order asked, null for nobody', async () => {
    const { json } = await register.post('/api/v1/persons/batch', { iins: [wife.iin, NOBODY, applicant.iin] }, key);
    const { items } = json as { items: readonly ({ iin: string } | null)[] };
    expect(items.map((item) => item?.iin ?? null)).to.deep.equal([wife.iin, null, applicant.iin]);
  });

  it('counts calls, and different persons', async () => {
    await register.post('/api/v1/persons/read', { iin: applicant.iin }, key);
    await register.post('/api/v1/persons/batch', { iins: [wife.iin, applicant.iin] }, key);
    expect(register.meter.stats()).to.deep.equal({ calls: 2, subjects: 2, byOperation: { read: 1, batch: 1 } });
  });

  it('refuses a wrong key without counting, a batch over 500, and what is not a question', async () => {
    expect((await register.post('/api/v1/persons/read', { iin: applicant.iin }, { 'X-Api-Key': 'another' })).status).to.equal(401);
    expect(register.meter.stats().calls).to.equal(0);
    expect((await register.post('/api/v1/persons/batch', { iins: Array.from({ length: 501 }, () => NOBODY) }, key)).status).to.equal(413);
    for (const body of ['{', '[]', '{"iin":12}', { iin: '123456789012' }]) {
      expect((await register.post('/api/v1/persons/read', body, key)).status).to.equal(400);
    }
    expect((await register.post('/api/v1/persons/batch', { iins: [1] }, key)).status).to.equal(400);
    expect((await register.post('/api/v1/persons', {}, key)).status).to.equal(404);
  });
});
