import { expect } from 'chai';
import { readGraphqlBody } from '../../../../gateway/stages/plan/graphql-body.js';
import { Refusal } from '../../../../schemas/refusal.js';

const outcome = (body: unknown): unknown => {
  try {
    return readGraphqlBody(body);
  } catch (error) {
    if (error instanceof Refusal) return [error.code, ...error.reasons].join(' ');
    throw error;
  }
};

describe('readGraphqlBody', () => {
  it('takes a text or an id, with what may stand beside', () => {
    const full = { query: '{ a }', operationName: 'A', variables: { a: 1 }, extensions: { client: 'x' } };
    expect(outcome(full)).to.deep.equal(full);
    expect(outcome({ documentId: 'HousingQueue', variables: {} })).to.deep.equal({
      documentId: 'HousingQueue',
      variables: {},
    });
  });

  it('takes null for absent', () => {
    expect(
      outcome({ query: '{ a }', documentId: null, operationName: null, variables: null, extensions: null }),
    ).to.deep.equal({ query: '{ a }' });
  });

  const refused: readonly (readonly [string, unknown, string])[] = [
    ['id and text', { query: '{ a }', documentId: 'HousingQueue' }, 'DOCUMENT_ID_AND_TEXT'],
    ['neither', { variables: {} }, 'BAD_REQUEST query'],
    ['an empty object', {}, 'BAD_REQUEST query'],
    ['a list', [{ query: '{ a }' }], 'BATCH_NOT_SUPPORTED'],
    ['nothing', undefined, 'BAD_REQUEST body'],
    ['a text of another type', { query: { a: 1 } }, 'BAD_REQUEST query'],
    ['an id of another type', { documentId: 7 }, 'BAD_REQUEST documentId'],
    ['an id that is too long', { documentId: 'x'.repeat(201) }, 'BAD_REQUEST documentId'],
    ['an operation name of another type', { query: '{ a }', operationName: ['A'] }, 'BAD_REQUEST operationName'],
    ['variables of another type', { query: '{ a }', variables: '{}' }, 'BAD_REQUEST variables'],
    ['variables in a list', { query: '{ a }', variables: [] }, 'BAD_REQUEST variables'],
    ['extensions of another type', { query: '{ a }', extensions: 1 }, 'BAD_REQUEST extensions'],
    ['an unknown member', { query: '{ a }', subject: 'x' }, 'BAD_REQUEST unknown_member'],
    ['a member with a Cyrillic letter in its name', { query: '{ a }', vаriables: {} }, 'BAD_REQUEST unknown_member'],
    ['a text under a name with a Cyrillic letter', { quеry: '{ a }' }, 'BAD_REQUEST unknown_member'],
  ];
  for (const [what, body, expected] of refused) {
    it(`refuses ${what}`, () => {
      expect(outcome(body)).to.equal(expected);
    });
  }
});
