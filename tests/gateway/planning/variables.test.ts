import { expect } from 'chai';
import { Kind, parse } from 'graphql';
import { loggedNamesOf } from '../../../gateway/planning/document/logged-names.js';
import { coerceVariables } from '../../../gateway/planning/variables.js';
import { buildPublicSchema } from '../../../schemas/catalogue/public-schema.js';
import { CATALOGUE, refusal } from './preparing.js';

const schema = buildPublicSchema(CATALOGUE.publicSdl);
const [operation] = parse(
  'query Q($iin: Iin!, $flag: Boolean = true, $number: Int) { citizen(iin: $iin) { sex } }',
).definitions;
const coerced = (values: Record<string, unknown>): Readonly<Record<string, unknown>> => {
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('the document has no operation');
  return coerceVariables(
    schema,
    { operation, loggedNames: loggedNamesOf(schema)(operation, false), nonNullVariables: ['flag'] },
    values,
  );
};

describe('planning: variables', () => {
  it('are coerced, with their defaults, and nothing else', () => {
    expect({ ...coerced({ iin: '800101390011', stray: 1 }) }).to.deep.equal({ iin: '800101390011', flag: true });
  });

  for (const [values, names] of [
    [{}, 'iin'],
    [{ iin: null }, 'iin'],
    [{ iin: '800101390012' }, 'iin'],
    [{ iin: 800101390011 }, 'iin'],
    [{ iin: ['800101390011'] }, 'iin'],
    [{ iin: { toString: '800101390011' } }, 'iin'],
    [{ iin: '800101390012', number: 'x', flag: 'yes' }, 'iin,flag,number'],
    [{ iin: '800101390011', number: 2 ** 40 }, 'number'],
    [{ iin: '800101390011', flag: null, number: null }, 'flag'],
    [{ iin: '800101390012', flag: null }, 'iin,flag'],
  ] as const) {
    it(`refuse ${JSON.stringify(values)} by name`, async () => {
      expect(await refusal(() => coerced(values))).to.equal(`BAD_USER_INPUT ${names}`);
    });
  }

  it('that are inherited count for nothing', async () => {
    expect(await refusal(() => coerced(Object.create({ iin: '800101390011' }) as Record<string, unknown>))).to.equal(
      'BAD_USER_INPUT iin',
    );
  });
});
