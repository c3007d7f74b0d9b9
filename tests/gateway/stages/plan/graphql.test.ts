import { expect } from 'chai';
import type { AskedWith, DocumentPreparer } from '../../../../gateway/planning/prepare.js';
import { planQuestion } from '../../../../gateway/stages/plan/graphql.js';
import { APPLICANT, authenticated, plannedDocument } from '../requests.js';

describe('plan: a question', () => {
  it('is planned for the party that the request counts for, in its view, with its variables', async () => {
    const asked: unknown[] = [];
    const preparer: DocumentPreparer = {
      shares: [0],
      foreseen: () => [],
      prepare: async (text, operationName, trusted, question) => {
        asked.push({ text, operationName, trusted, question });
        return plannedDocument();
      },
    };
    const claimant = { caller: 'housing', weight: 3 };
    const view = { key: 'k' } as NonNullable<AskedWith['view']>;
    const body = { query: '{ a }', operationName: 'A', variables: { iin: APPLICANT } };
    const planned = await planQuestion(
      { ...authenticated(), body, claimant },
      {
        documents: { all: [], find: () => undefined },
        preparer,
        viewOf: () => view,
        coerce: (_, variables) => variables,
      },
    );
    expect(asked).to.deep.equal([
      {
        text: '{ a }',
        operationName: 'A',
        trusted: undefined,
        question: { share: 0, variables: { iin: APPLICANT }, claimant, view },
      },
    ]);
    expect(planned.named.numbers).to.deep.equal([APPLICANT]);
  });
});
