import { expect } from 'chai';
import { errorsOf, fakeGate, plain, WITHOUT_PERSON, world, type Ran } from './harness.js';

const COMPANIES = `
  scalar Iin
  type Query {
    company(bin: String!): Company @category(name: "companies.company", sensitivity: OFFICIAL)
    directors: [Director] @listSize(assumedSize: 9) @category(name: "companies.company", sensitivity: OFFICIAL)
  }
  type Company @key(fields: "bin") @category(name: "companies.company", sensitivity: OFFICIAL) {
    bin: String
    name: String
    capital: String @category(name: "companies.capital", sensitivity: OFFICIAL)
    director: Director @subject(field: "iin", role: "director")
  }
  type Director @key(fields: "iin") @subject(field: "iin") @category(name: "companies.company", sensitivity: OFFICIAL) {
    iin: Iin!
    since: String
  }
`;
const TAXES = `
  scalar Iin
  type Company @key(fields: "bin") @category(name: "companies.company", sensitivity: OFFICIAL) {
    bin: String
    debt: String @category(name: "taxes.company", sensitivity: OFFICIAL)
  }
  type Director @key(fields: "iin") @subject(field: "iin") @category(name: "companies.company", sensitivity: OFFICIAL) {
    iin: Iin!
    income: String @category(name: "taxes.company", sensitivity: OFFICIAL)
  }
`;
const DIRECTOR = { __typename: 'Director', iin: '010203590013', since: '2020' };
const COMPANY = { __typename: 'Company', bin: '1', name: 'A', capital: '5', director: DIRECTOR };

/** A question about a company, where these categories are open without a person. */
function asked(fields: string, ...open: readonly string[]): Promise<Ran & { readonly called: readonly string[] }> {
  return askedOf(`query Q { company(bin: "1") { ${fields} } }`, ...open);
}

async function askedOf(document: string, ...open: readonly string[]) {
  const companies = world(
    {
      companies: { sdl: COMPANIES, roots: { company: () => COMPANY, directors: () => [DIRECTOR] } },
      taxes: { sdl: TAXES, entity: (key) => ({ __typename: 'Company', ...key, debt: '7', income: '9' }) },
    },
    { gate: fakeGate(undefined, undefined, [], open) },
  );
  const ran = await companies.ask(document);
  expect(companies.gate.batches.flat(), 'the gate was asked about people').to.deep.equal([]);
  return { ...ran, called: companies.calls.map(({ register }) => register) };
}

describe('execution: data about no person', () => {
  it('are answered where the gate opens them without one, those of other registers too', async () => {
    const ran = await asked('name debt', 'companies.company', 'taxes.company');
    expect(plain(ran.data)).to.deep.equal({ company: { name: 'A', debt: '7' } });
    expect(ran.errors).to.deep.equal([]);
    expect(ran.called).to.deep.equal(['companies', 'taxes']);
  });

  it('are recorded as disclosed about no one', async () => {
    const { disclosures, subjects } = await asked('name debt', 'companies.company', 'taxes.company');
    expect(subjects).to.deep.equal([]);
    expect(
      disclosures.map(({ access, category, grant, subjects: about }) => ({ access, category, grant, about })),
    ).to.have.deep.members([
      { access: 'disclose', category: 'companies.company', grant: WITHOUT_PERSON, about: [] },
      // The key, which is read on the way.
      { access: 'read', category: 'companies.company', grant: WITHOUT_PERSON, about: [] },
      { access: 'disclose', category: 'taxes.company', grant: WITHOUT_PERSON, about: [] },
    ]);
  });

  it('stay closed, with no call, where it does not', async () => {
    const ran = await asked('name', 'taxes.company');
    expect(errorsOf(ran)).to.deep.equal(['company: POLICY_DENIED']);
    expect(ran.called).to.deep.equal([]);
  });

  it('are asked without the categories that stay closed', async () => {
    const ran = await asked('name capital debt', 'companies.company');
    expect(plain(ran.data)).to.deep.equal({ company: { name: 'A', capital: null, debt: null } });
    expect(errorsOf(ran)).to.have.members(['company.capital: POLICY_DENIED', 'company.debt: POLICY_DENIED']);
    expect(ran.called).to.deep.equal(['companies']);
  });

  it('lead to no person, who is not asked for', async () => {
    const ran = await asked('name director { since income }', 'companies.company', 'taxes.company');
    expect(plain(ran.data)).to.deep.equal({ company: { name: 'A', director: null } });
    expect(errorsOf(ran)).to.deep.equal(['company.director: POLICY_DENIED']);
    expect(ran.called).to.deep.equal(['companies']);
  });

  it('are not what is about people that the question does not name', async () => {
    const ran = await askedOf('query Q { directors { since } }', 'companies.company');
    expect(errorsOf(ran)).to.deep.equal(['directors: POLICY_DENIED']);
    expect(ran.called).to.deep.equal([]);
  });
});
