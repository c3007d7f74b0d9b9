import { expect } from 'chai';
import { getNamedType, isLeafType, isObjectType, parse, validate } from 'graphql';
import { callerSchema } from '../../../../gateway/planning/document/caller-schema.js';
import { createCallerViews, type SchemaView } from '../../../../gateway/planning/document/caller-views.js';
import type { PlannedDocument } from '../../../../gateway/planning/plan.js';
import type { GovernanceIndex } from '../../../../schemas/catalogue/governance.js';
import { buildPublicSchema } from '../../../../schemas/catalogue/public-schema.js';
import { PARTIES } from '../../../policies/parties.js';
import { APPLICANT } from '../../stages/requests.js';
import { CATALOGUE, citizen, preparer, refusal } from '../preparing.js';

const SDL = `
  type Query { person(iin: Iin!, like: Taste): Person shop: Shop }
  type Person implements Named {
    iin: Iin!
    name: String
    income(in: Currency): Income
    home: Home
    thing: Thing
  }
  interface Named { name: String }
  type Income { amount: Int kind: Kind }
  type Home { street: String }
  type Shop { name: String }
  union Thing = Home | Pet
  type Pet { says: String }
  enum Currency { KZT }
  enum Kind { WAGE }
  input Taste { colour: String }
  scalar Iin
`;
const CATEGORIES: Readonly<Record<string, string>> = {
  'Shop.name': 'shops',
  'Person.income': 'tax',
  'Income.amount': 'tax',
  'Income.kind': 'tax',
  'Person.home': 'address',
  'Home.street': 'address',
};

/** The categories of a schema by coordinate; `open` where none is given. */
const index = (
  categories: Readonly<Record<string, string>>,
): Pick<GovernanceIndex, 'categoriesOf' | 'leadsToOthers'> => ({
  leadsToOthers: () => false,
  categoriesOf: (type, field) => new Set([categories[`${type}.${field}`] ?? 'open']),
});

describe('what a caller can see of the public schema', () => {
  const seen = (...visible: readonly string[]): ReturnType<typeof callerSchema> =>
    callerSchema(SDL, index(CATEGORIES), (category) => visible.includes(category));
  const errorOf = (text: string, ...visible: readonly string[]): string | undefined =>
    validate(seen(...visible), parse(text))[0]
      ?.message.replace(/"(income|home|shop|none)"/, '"X"')
      .replace(/ Did you mean.*/, '');

  it('is all of it where every category is visible', () => {
    const { publicSdl, governance } = CATALOGUE;
    const whole = callerSchema(publicSdl, governance, () => true);
    const names = (schema: typeof whole): readonly string[] => Object.keys(schema.getTypeMap()).sort();
    expect(names(whole)).to.deep.equal(names(buildPublicSchema(publicSdl)));
  });

  it('lacks hidden fields, and the types, enums and arguments that only they lead to', () => {
    const schema = seen('open');
    expect(Object.keys(schema.getTypeMap())).to.include.members(['Person', 'Pet', 'Thing', 'Named', 'Taste']);
    for (const gone of ['Income', 'Home', 'Shop', 'Currency', 'Kind'])
      expect(schema.getType(gone), gone).to.equal(undefined);
    expect(errorOf('{ person(iin: "1") { income { amount } } }', 'open')).to.equal(
      errorOf('{ person(iin: "1") { none { amount } } }', 'open'),
    );
    expect(errorOf('{ shop { name } }', 'open')).to.equal(errorOf('{ none { name } }', 'open'));
  });

  it('knows no hidden type in a fragment, and no enum of a hidden argument in a variable', () => {
    for (const text of [
      '{ person(iin: "1") { thing { ... on TYPE { __typename } } } }',
      'query ($c: TYPE) { person(iin: "1") { name @skip(if: $c) } }',
      '{ person(iin: "1") { ...f } } fragment f on TYPE { __typename }',
    ])
      for (const [hidden, ...visible] of [
        ['Home', 'open', 'tax'],
        ['Currency', 'open', 'address'],
        ['Shop', 'open'],
      ] as const)
        expect(errorOf(text.replace('TYPE', hidden), ...visible)?.replaceAll(hidden, 'Y')).to.equal(
          errorOf(text.replace('TYPE', 'Nothing'), ...visible)?.replaceAll('Nothing', 'Y'),
        );
  });

  it('hides a field of an interface that is hidden on one of its types', () => {
    const schema = callerSchema(
      `type Query { any: Named }
       interface Named { name: String age: Int }
       type A implements Named { name: String age: Int }
       type B implements Named { name: String age: Int }`,
      index({ 'B.age': 'hidden' }),
      (category) => category === 'open',
    );
    expect(validate(schema, parse('{ any { name } }'))).to.deep.equal([]);
    expect(validate(schema, parse('{ any { age } }'))).to.have.length(1);
    expect(validate(schema, parse('{ any { ... on A { age } } }'))).to.deep.equal([]);
    expect(validate(schema, parse('{ any { ... on B { age } } }'))).to.have.length(1);
  });

  it('asks the rules once for callers that they cannot tell apart, and shares the schema of callers with equal rights', () => {
    const asked: string[] = [];
    const viewOf = createCallerViews({
      catalogue: CATALOGUE,
      isInView: ({ kind }, category) => {
        asked.push(category);
        return kind !== 'ai' && category.startsWith('population.');
      },
    });
    const first = viewOf(PARTIES.housing);
    const once = asked.length;
    const person = { officer: 'o-1', actor: 'o-2', person: APPLICANT, assurance: 'high' } as const;
    expect(viewOf({ ...PARTIES.housing, ...person, model: { id: 'm', version: '1' } })).to.equal(first);
    expect(asked).to.have.length(once);
    expect(viewOf(PARTIES.social)).to.equal(first);
    expect(viewOf({ ...PARTIES.housing, kind: 'ai' }).key).to.not.equal(first.key);
  });

  it('decides for each caller, also about a document that another caller may ask', async () => {
    const documents = preparer();
    const { publicSdl, governance } = CATALOGUE;
    const view = (key: string, hidden: string): SchemaView => ({
      key,
      schema: callerSchema(publicSdl, governance, (category) => category !== hidden),
      isVisible: (category) => category !== hidden,
    });
    const all = view('all', '');
    const few = view('few', 'property.land');
    const ask = (of: SchemaView): Promise<PlannedDocument> =>
      documents.prepare(citizen('lands { area }'), undefined, undefined, { view: of });
    const planned = await ask(all);
    expect(await refusal(ask(few))).to.equal('GRAPHQL_VALIDATION_FAILED FieldsOnCorrectType');
    expect(await ask(all)).to.equal(planned);
  });

  it('hides every field of the repository, and no other, when its category is hidden', () => {
    const { publicSdl, governance } = CATALOGUE;
    const whole = buildPublicSchema(publicSdl);
    for (const hidden of governance.categories.keys()) {
      const schema = callerSchema(publicSdl, governance, (category) => category !== hidden);
      for (const type of Object.values(whole.getTypeMap())) {
        if (!isObjectType(type) || type.name.startsWith('__')) continue;
        const left = schema.getType(type.name);
        for (const name of Object.keys(type.getFields())) {
          const isThere = isObjectType(left) && Object.hasOwn(left.getFields(), name);
          const { type: of } = type.getFields()[name] ?? expect.fail();
          const shows = isLeafType(getNamedType(of)) || governance.leadsToOthers(type.name, name);
          if (shows && governance.categoriesOf(type.name, name).has(hidden))
            expect(isThere, `${type.name}.${name}`).to.equal(false);
          else if (isObjectType(left) && !isThere) expect(schema.getType(getNamedType(of).name)).to.equal(undefined);
        }
      }
    }
  });
});
