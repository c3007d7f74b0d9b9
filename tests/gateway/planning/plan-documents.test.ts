import { expect } from 'chai';
import { planDocuments } from '../../../gateway/planning/plan-documents.js';
import { DocumentsInvalid, type RegisteredDocument } from '../../../schemas/operations/load-documents.js';
import { rejection } from '../../rejection.js';
import { citizen, preparer } from './preparing.js';

const registered = (text: string): RegisteredDocument => ({
  name: 'Doc',
  text,
  hash: '',
  owner: 'o',
  purposes: ['p'],
  allowed: ['o'],
  atomic: false,
});

describe('planning trusted documents', () => {
  it('makes a plan for each combination of their conditions', async () => {
    const [planned] = await planDocuments(
      [registered(citizen('sex @include(if: $a) lastName @skip(if: $b)', ', $a: Boolean!, $b: Boolean!'))],
      preparer(),
    );
    expect(planned?.plans).to.have.length(4);
  });

  for (const [what, text, code] of [
    ['is no GraphQL', 'query {', 'GRAPHQL_PARSE_FAILED'],
    ['asks what there is not', citizen('nothing'), 'GRAPHQL_VALIDATION_FAILED'],
  ] as const) {
    it(`names one that ${what}`, async () => {
      const failure = await rejection(planDocuments([registered(text)], preparer()));
      expect(failure).to.be.instanceOf(DocumentsInvalid);
      expect((failure as DocumentsInvalid).message).to.include(`Doc: cannot be asked: ${code}`);
    });
  }
});
