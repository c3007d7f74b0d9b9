import { composeServices } from '@theguild/federation-composition';
import { expect } from 'chai';
import { buildSchema, parse } from 'graphql';
import { EVERYTHING_BUT_SUBSCRIPTIONS } from '../../../../gateway/planning/document/validate.js';
import { distinctShares, plannedShare, shareOf } from '../../../../gateway/planning/document/override-share.js';
import { planDocuments } from '../../../../gateway/planning/plan-documents.js';
import { createPlanner } from '../../../../gateway/planning/planner/planner.js';
import { createDocumentPreparer, type DocumentPreparer } from '../../../../gateway/planning/prepare.js';
import { readSupergraph } from '../../../../schemas/catalogue/supergraph-file.js';
import { LIMITS } from '../preparing.js';

const FEDERATION =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@override"])';

/** `name` moves from the old service to the new one for a quarter of the questions, `city` for a half. */
function moving(): DocumentPreparer {
  const { supergraphSdl = '' } = composeServices([
    {
      name: 'old',
      url: 'http://old.invalid',
      typeDefs: parse(
        `${FEDERATION} type Query { person(id: ID!): Person } type Person @key(fields: "id") { id: ID! name: String city: String }`,
      ),
    },
    {
      name: 'new',
      url: 'http://new.invalid',
      typeDefs: parse(
        `${FEDERATION} type Person @key(fields: "id") { id: ID! name: String @override(from: "old", label: "percent(25)") city: String @override(from: "old", label: "percent(50)") }`,
      ),
    },
  ]);
  const { catalogue } = readSupergraph(supergraphSdl, 'supergraph.graphql');
  const planner = createPlanner(catalogue.supergraphSdl, { deadlineMs: 60_000 });
  return createDocumentPreparer({
    catalogue,
    publicSchema: buildSchema(catalogue.publicSdl),
    planner,
    limits: LIMITS,
    maxDocuments: 10,
    maxPlanning: 2,
    allowedOperations: EVERYTHING_BUT_SUBSCRIPTIONS,
  });
}

const QUESTION = 'query Q($id: ID!) { person(id: $id) { name city } }';

/** Fields that the plan reads of the new service. */
async function readOfNew(preparer: DocumentPreparer, share: number): Promise<readonly string[]> {
  const { plan } = await preparer.prepare(QUESTION, undefined, undefined, { share });
  const entities = JSON.stringify(plan).split('"register":"new"')[1] ?? '';
  return ['name', 'city'].filter((field) => entities.includes(`"value":"${field}"`));
}

describe('planning: override-share', () => {
  it('has a plan for each register that a field may be read of', async () => {
    const preparer = moving();
    expect(preparer.shares).to.deep.equal([0, 25, 50]);
    for (const [share, read] of [
      [0, ['name', 'city']],
      [24.9, ['name', 'city']],
      [25, ['city']],
      [49.9, ['city']],
      [50, []],
      [99.9, []],
    ] as const) {
      expect(await readOfNew(preparer, share), `share ${share}`).to.deep.equal(read);
    }
  });

  it('plans once for all shares between two percentages', async () => {
    const preparer = moving();
    const [low, middle, alike] = await Promise.all(
      [0, 30, 40].map((share) => preparer.prepare(QUESTION, undefined, undefined, { share })),
    );
    expect(middle).to.equal(alike).and.not.equal(low);
  });

  it('has one plan where nothing moves', () => {
    expect(distinctShares([])).to.deep.equal([0]);
    expect(distinctShares([0, 100])).to.deep.equal([0]);
    expect(plannedShare(99.9, [0])).to.equal(0);
  });

  it('plans trusted documents for every share before the first caller', async () => {
    const asked: number[] = [];
    const preparer = moving();
    const noting: DocumentPreparer = {
      ...preparer,
      prepare: (text, name, trusted, question) => (
        asked.push(question?.share ?? 0),
        preparer.prepare(text, name, trusted, question)
      ),
    };
    const document = { name: 'Q', text: QUESTION, hash: '', owner: '', purposes: [], allowed: [], atomic: false };
    await planDocuments([document], noting);
    expect(asked).to.deep.equal([0, 25, 50]);
  });

  it('gives the same question the same share, with its variables in any order', () => {
    expect(shareOf({ id: '1', year: 2 })).to.equal(shareOf({ year: 2, id: '1' }));
    expect(shareOf({ id: '1' })).not.to.equal(shareOf({ id: '2' }));
  });

  it('spreads questions evenly', () => {
    const shares = Array.from({ length: 1_000 }, (_, id) => shareOf({ id }));
    expect(shares.every((share) => share >= 0 && share < 100)).to.equal(true);
    expect(shares.filter((share) => share < 25).length).to.be.within(200, 300);
  });
});
