import { join } from 'node:path';
import { packageRoot } from '../../../gateway/state/package-root.js';
import { expect } from 'chai';
import { parse, validate, valueFromAST, type GraphQLScalarType } from 'graphql';
import { composeCatalogue } from '../../../schemas/catalogue/compose.js';
import { buildPublicSchema } from '../../../schemas/catalogue/public-schema.js';
import { loadRegisters } from '../../../schemas/catalogue/register-schema.js';

const schema = buildPublicSchema(
  composeCatalogue(loadRegisters(join(packageRoot(), 'schemas', 'registers'))).publicSdl,
);

describe('public schema', () => {
  it('reads personal numbers by their check digit', () => {
    const iin = schema.getType('Iin') as GraphQLScalarType;
    expect(iin.parseValue('800101390011')).to.equal('800101390011');
    expect(() => iin.parseValue('800101390012')).to.throw('not a valid Iin');
  });

  it('refuses a literal that is off without quoting it', () => {
    const [error] = validate(schema, parse('{ citizen(iin: "800101390012") { sex } }'));
    expect(error?.message).to.equal('not a valid Iin');
  });

  it('reads no number as a number', () => {
    const node = parse('{ citizen(iin: 800101390011) { sex } }');
    expect(validate(schema, node)).to.have.length(1);
    expect(
      valueFromAST({ kind: 'IntValue' as never, value: '1' }, schema.getType('Iin') as GraphQLScalarType),
    ).to.equal(undefined);
  });
});
