import { expect } from 'chai';
import { generateCountry } from '../../../demo/country/country.js';
import { membersOf, UNKNOWN_NUMBER, SUPPORTED_FAMILY } from '../../../demo/country/people.js';
import { addressRegister } from '../../../demo/registers/address/register.js';
import { served, type Served } from './served.js';

const QUERY = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) {
    ... on Citizen { iin registration { dwellingCode kato region city street house kind registeredOn deregisteredOn household { iin } } formerRegistrations { city registeredOn deregisteredOn } }
  }
}`;

describe('the address register', () => {
  const token = { Authorization: 'Bearer the token' };
  const ask = (query: string, iins: readonly string[]): ReturnType<Served['post']> =>
    register.post(
      '/graphql',
      { query, variables: { representations: iins.map((iin) => ({ __typename: 'Citizen', iin })) } },
      token,
    );
  let register: Served;

  before(async () => {
    register = await served((meter) => addressRegister(generateCountry().addresses, 'the token', meter));
  });
  beforeEach(() => {
    register.meter.reset();
  });
  after(() => register.listener.close());

  it('answers entities in the order of their keys, null for no one', async () => {
    const { status, json } = await ask(QUERY, [UNKNOWN_NUMBER, SUPPORTED_FAMILY.wife.iin]);
    expect(status).to.equal(200);
    expect(json).to.have.nested.property('data._entities[0]', null);
    expect(json).to.have.nested.property('data._entities[1].iin', SUPPORTED_FAMILY.wife.iin);
    expect(json)
      .to.have.nested.property('data._entities[1].registration.kato')
      .that.matches(/^\d{9}$/);
    expect(json).to.not.have.property('errors');
  });

  it('names everyone else at the dwelling as the household', async () => {
    const { json } = await ask(QUERY, [SUPPORTED_FAMILY.wife.iin]);
    const household = (json as { data: { _entities: { registration: { household: { iin: string }[] } }[] } }).data
      ._entities[0]?.registration.household;
    const others = membersOf(SUPPORTED_FAMILY).filter((member) => member !== SUPPORTED_FAMILY.wife);
    expect(household?.map(({ iin }) => iin)).to.have.members(others.map(({ iin }) => iin));
  });

  it('is a subgraph: it tells its SDL with the governance directives', async () => {
    const { json } = await ask('{ _service { sdl } }', []);
    expect((json as { data: { _service: { sdl: string } } }).data._service.sdl)
      .to.include('@category(name: "address.household")')
      .and.include('@key(fields: "iin")');
  });

  it('counts calls and the persons in the representations', async () => {
    await ask(QUERY, [SUPPORTED_FAMILY.wife.iin, SUPPORTED_FAMILY.husband.iin]);
    await ask(QUERY, [SUPPORTED_FAMILY.wife.iin]);
    expect(register.meter.stats()).to.deep.equal({ calls: 2, subjects: 2, byOperation: { graphql: 2 } });
  });

  it('refuses a wrong token, a document that does not fit, and no document', async () => {
    expect((await register.post('/graphql', { query: QUERY }, { Authorization: 'Bearer another' })).status).to.equal(
      401,
    );
    expect(register.meter.stats().calls).to.equal(0);
    expect((await ask('{ nothing }', [])).status).to.equal(400);
    expect((await ask('{', [])).status).to.equal(400);
    expect((await register.post('/graphql', {}, token)).status).to.equal(400);
  });
});
