import { expect } from 'chai';
import { footprintOf } from '../../../../gateway/planning/footprint/footprint.js';
import { COUNTRY, person } from '../country.js';
import { citizen, prepared, refusal, told } from '../preparing.js';

const footprint = async (body: string, more = ''): Promise<readonly string[]> =>
  told((await prepared(person(body, more), COUNTRY)).footprint);

describe('planning: footprint', () => {
  it('holds what the client selected, and what leads to it', async () => {
    expect(await footprint('name')).to.deep.equal([
      'people Query.person people.number read: person',
      'people Person.name people.identity disclose: person.name',
    ]);
  });

  it('holds keys that are read on the way and sent to the next register, at the fields that need them', async () => {
    expect(await footprint('rate')).to.deep.equal([
      'people Query.person people.number read: person',
      'people Person.iin people.number read: person.rate',
      'taxes Person.rate taxes.income disclose: person.rate',
      'taxes Person.iin people.number read: person.rate',
    ]);
  });

  it('holds what @requires reads, at the field that requires it and no other', async () => {
    const entries = await footprint('class rate');
    expect(entries).to.include('people Person.born people.birth read: person.class');
    expect(entries).to.include('taxes Person.born people.birth read: person.class');
    expect(entries).to.include('people Person.iin people.number read: person.class person.rate');
  });

  it('holds what @requires reads over two hops', async () => {
    const entries = await footprint('relief');
    expect(entries).to.include('people Person.born people.birth read: person.relief');
    expect(entries).to.include('benefits Person.benefit benefits.level read: person.relief');
    expect(entries).to.include('taxes Person.benefit benefits.level read: person.relief');
  });

  it('holds what @requires reads with an argument of its own, beside the client’s', async () => {
    const entries = await footprint('office address(format: "long") { city }');
    expect(entries).to.include('people Address.code people.address read: person.office');
    expect(entries).to.include('people Address.city people.address disclose: person.address.city');
  });

  it('discloses what the client selects even when @requires reads it too', async () => {
    expect(await footprint('class born')).to.include(
      'people Person.born people.birth disclose: person.born person.class',
    );
  });

  it('reads the source of a derived field, and discloses the derived one', async () => {
    const entries = await footprint('age');
    expect(entries).to.include('people Person.born people.birth read: person.age');
    expect(entries).to.include('people Person.age people.derived disclose: person.age');
  });

  it('discloses a link, because it shows that there is someone', async () => {
    expect(await footprint('spouse { name }')).to.include('people Person.spouse people.family disclose: person.spouse');
  });

  it('reads other composite fields: only what stands below them is shown', async () => {
    expect(await footprint('address { city }')).to.include('people Person.address people.address read: person.address');
  });

  it('names paths as the client wrote them', async () => {
    const entries = await footprint('other: spouse { number: iin tax: rate }');
    expect(entries).to.include('taxes Person.rate taxes.income disclose: person.other.tax');
    expect(entries).to.include('people Person.spouse people.family disclose: person.other');
    expect(entries).to.include('taxes Person.iin people.number read: person.other.tax');
  });

  it('expands an interface’s field to that of every type behind it', async () => {
    const entries = await footprint('rights { share }');
    expect(entries).to.include('people Car.share people.cars disclose: person.rights.share');
    expect(entries).to.include('people Boat.share people.boat_shares disclose: person.rights.share');
  });

  it('discloses a field that the planner asks for under another name', async () => {
    const entries = await footprint('things { ... on Car { label } ... on Boat { label } }');
    expect(entries).to.include('people Car.label people.cars disclose: person.things.label');
    expect(entries).to.include('people Boat.label people.boats disclose: person.things.label');
  });

  it('discloses it below a link, too', async () => {
    const entries = await footprint('spouse { things { ... on Car { label } ... on Boat { label } } }');
    expect(entries).to.include('people Boat.label people.boats disclose: person.spouse.things.label');
  });

  it('decides on both sides of a condition, for every value of the variable', async () => {
    const entries = await footprint('name @skip(if: $no) ... @include(if: $no) { rate born }', ', $no: Boolean!');
    expect(entries).to.include('people Person.name people.identity disclose: person.name');
    expect(entries).to.include('people Person.born people.birth disclose: person.born');
    expect(entries).to.include('taxes Person.rate taxes.income disclose: person.rate');
  });

  it('never has an entry without a path of the client', async () => {
    for (const body of ['rate', 'relief', 'age', 'spouse { relief children { office } }', 'a: class b: office']) {
      for (const entry of (await prepared(person(body), COUNTRY)).footprint)
        expect(entry.clientPaths, entry.coordinate).not.to.be.empty;
    }
  });

  it('is empty without a plan', async () => {
    expect((await prepared('{ __typename }')).footprint).to.deep.equal([]);
  });

  it('refuses a plan that requires what none of its fetches reads', async () => {
    // The planner loses the argument of @requires where one register answers through a link.
    expect(await refusal(prepared(person('spouse { office address(format: "long") { city } }'), COUNTRY))).to.equal(
      'PLAN_FAILED unread_requirement',
    );
  });

  it('fails on a field without a category rather than let it pass', async () => {
    const { plan, operation } = await prepared(citizen('sex'));
    const types = {
      field: () => ({ name: 'Citizen', list: false, lists: 0, composite: true }),
      possibleTypes: () => new Set<string>(),
      isObject: () => true,
      enumValues: () => undefined,
      rootType: () => 'Query',
    };
    const governance = {
      categories: new Map(),
      fieldsOf: () => [],
      category: () => undefined,
      categoriesOf: () => new Set<string>(),
      leadsToOthers: () => false,
      inRegister: () => ({ categories: new Set<string>(), roles: new Set<string>() }),
      subjectField: () => undefined,
      dwellingField: () => undefined,
      link: () => undefined,
      subjectArgument: () => undefined,
      subjectArgumentNames: () => new Set<string>(),
      listBound: () => undefined,
      derived: () => undefined,
    };
    expect(() =>
      footprintOf(plan, operation, { governance, types, requires: () => [], keys: () => new Set<string>() }),
    ).to.throw('population: Query.citizen has no category');
  });
});
