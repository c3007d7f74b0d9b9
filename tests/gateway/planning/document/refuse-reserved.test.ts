import { expect } from 'chai';
import { parse } from 'graphql';
import { QUERIES_ONLY } from '../../../../gateway/planning/document/answered.js';
import { refuseReserved } from '../../../../gateway/planning/document/refuse-reserved.js';
import { RESERVED_PREFIXES } from '../../../../schemas/catalogue/lint/reserved-names.js';
import { refusal } from '../preparing.js';

const looked = (text: string): Promise<string> => refusal(() => refuseReserved(parse(text), QUERIES_ONLY));

describe('planning: reserved', () => {
  for (const [document, reason] of [
    ['mutation { a }', 'mutation'],
    ['query A { a } mutation B { b }', 'mutation'],
    ['subscription { a }', 'subscription'],
    ['{ __schema { types { name } } }', 'introspection'],
    ['{ __type(name: "Citizen") { name } }', 'introspection'],
    ['{ innocent: __schema { types { name } } }', 'introspection'],
    [
      '{ ...f } fragment f on Query { a { ...g } } fragment g on Query { __schema { types { name } } }',
      'introspection',
    ],
    ['type Citizen { a: Int } query { a }', 'type_system_definition'],
    ['extend schema @link(url: "x") query { a }', 'type_system_definition'],
    ['directive @a on FIELD query { a }', 'type_system_definition'],
    ['{ __proto__: a }', 'reserved_alias'],
    ['{ __typename: a }', 'reserved_alias'],
    ['query($representations: Int) { a(b: $representations) }', 'reserved_variable'],
    ['query($representations_1: Int) { a(b: $representations_1) }', 'reserved_variable'],
    ['query($__batch_reps_0: Int) { a(b: $__batch_reps_0) }', 'reserved_variable'],
    ...RESERVED_PREFIXES.map((prefix) => [`{ a { ... { ${prefix}x: b } } }`, 'reserved_alias']),
  ] as const) {
    it(`refuses ${document}`, async () => {
      expect(await looked(document)).to.equal(`GRAPHQL_VALIDATION_FAILED ${reason}`);
    });
  }

  it('leaves ordinary names, and names that only objects of JavaScript have', async () => {
    expect(
      await looked(
        'query Q($iin: Int = 1) { constructor: a(b: $iin) toString: a hasOwnProperty: a t: __typename __typename }',
      ),
    ).to.equal('nothing was refused');
  });
});
