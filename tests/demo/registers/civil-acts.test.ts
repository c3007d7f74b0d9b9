import { expect } from 'chai';
import { generateCountry } from '../../../demo/country/country.js';
import { HOUSING_FAMILY, UNKNOWN_NUMBER } from '../../../demo/country/people.js';
import { civilActsRegister } from '../../../demo/registers/civil-acts/register.js';
import { served, type Served } from './served.js';

describe('the register of civil acts', () => {
  const { applicant, wife, children } = HOUSING_FAMILY;
  const key = { 'X-Api-Key': 'the key' };
  const country = generateCountry();
  let register: Served;

  before(async () => {
    register = await served((meter) => civilActsRegister(country.civilActs, 'the key', meter));
  });
  beforeEach(() => {
    register.meter.reset();
  });
  after(() => register.listener.close());

  it('reads one person by the number in the body', async () => {
    const { status, json } = await register.post('/api/v1/acts/read', { iin: applicant.iin }, key);
    expect(status).to.equal(200);
    expect(json)
      .to.have.property('family')
      .that.deep.equals({ spouse_iin: wife.iin, children_iins: children.map(({ iin }) => iin), parents_iins: [] });
    expect(json)
      .to.have.property('birth')
      .that.includes({ born_on: '1988-05-14', surname: null })
      .and.has.property('act_number')
      .that.matches(/^\d{2}-1988-\d{6}$/);
    expect(json).to.include({ death: null, adoption: null }).and.have.property('custody').that.deep.equals([]);
  });

  it('enters one act for both who married', async () => {
    const [husband, hers] = await Promise.all(
      [applicant, wife].map(
        async ({ iin }) => (await register.post('/api/v1/acts/read', { iin }, key)).json as { marriage: unknown },
      ),
    );
    expect(husband?.marriage).to.have.property('act_number').that.is.a('string');
    expect(husband?.marriage).to.deep.equal(hers?.marriage);
  });

  it('gives custody of a child to both parents who live together', async () => {
    const { json } = await register.post('/api/v1/acts/read', { iin: children[0]?.iin }, key);
    const custody = (json as { custody: readonly { kind: string; guardian_iin: string }[] }).custody;
    expect(custody).to.have.deep.members([applicant, wife].map(({ iin }) => ({ kind: 'PARENT', guardian_iin: iin })));
  });

  it('says that no one has a number', async () => {
    expect(await register.post('/api/v1/acts/read', { iin: UNKNOWN_NUMBER }, key)).to.deep.equal({
      status: 404,
      json: { error: { code: 'NOT_FOUND' } },
    });
  });

  it('reads many in the order asked, null for no one', async () => {
    const { json } = await register.post(
      '/api/v1/acts/batch',
      { iins: [wife.iin, UNKNOWN_NUMBER, applicant.iin] },
      key,
    );
    const { items } = json as { items: readonly ({ iin: string } | null)[] };
    expect(items.map((item) => item?.iin ?? null)).to.deep.equal([wife.iin, null, applicant.iin]);
  });

  it('counts calls, and different persons', async () => {
    await register.post('/api/v1/acts/read', { iin: applicant.iin }, key);
    await register.post('/api/v1/acts/batch', { iins: [wife.iin, applicant.iin] }, key);
    expect(register.meter.stats()).to.deep.equal({ calls: 2, subjects: 2, byOperation: { read: 1, batch: 1 } });
  });

  it('refuses a wrong key without counting, a batch over 200, and what is not a question', async () => {
    expect(
      (await register.post('/api/v1/acts/read', { iin: applicant.iin }, { 'X-Api-Key': 'another' })).status,
    ).to.equal(401);
    expect(register.meter.stats().calls).to.equal(0);
    expect(
      (await register.post('/api/v1/acts/batch', { iins: Array.from({ length: 201 }, () => UNKNOWN_NUMBER) }, key))
        .status,
    ).to.equal(413);
    for (const body of ['{', '[]', '{"iin":12}', { iin: '123456789012' }]) {
      expect((await register.post('/api/v1/acts/read', body, key)).status).to.equal(400);
    }
    expect((await register.post('/api/v1/acts/batch', { iins: [1] }, key)).status).to.equal(400);
    expect((await register.post('/api/v1/acts', {}, key)).status).to.equal(404);
  });
});
