import { expect } from 'chai';
import { dotted, fetchesOf } from '../../../../gateway/planning/plan-walk.js';
import { composeUngoverned } from '../../../../schemas/catalogue/compose.js';
import { registers } from '../../../schemas/catalogue/registers.js';
import { preparer } from '../preparing.js';

const NODES = {
  kinds: `
    type Query { nodes: [Node] }
    interface Node @key(fields: "id") { id: ID! }
    type One implements Node @key(fields: "id") { id: ID! }
    type Two implements Node @key(fields: "id") { id: ID! }
    type Three implements Node @key(fields: "id") { id: ID! }`,
  notes: `
    type Query { node: Node }
    type Node @key(fields: "id") @interfaceObject { id: ID! note: String other: String inner: Node }`,
  others: `
    type One @key(fields: "id") { id: ID! note: String @external from: String @requires(fields: "note") }
    type Two @key(fields: "id") { id: ID! note: String @external from: String @requires(fields: "note") }`,
};

/** The people whose notes are asked for, by place. */
async function asked(body: string): Promise<readonly string[]> {
  const { plan } = await preparer(composeUngoverned(registers(NODES))).prepare(`{ ${body} }`, undefined, undefined);
  const lists = (plan ? fetchesOf(plan) : []).flatMap((fetch) =>
    fetch.kind === 'entities' && fetch.register === 'notes' ? fetch.lists : [],
  );
  return lists.map(
    ({ paths, requires }) =>
      `${paths.map(dotted).join('+')}: ${requires
        .map((one) => (one.kind === 'type' ? one.name : ''))
        .sort()
        .join(' ')}`,
  );
}

describe('planning: interface objects', () => {
  it('are asked for every type below which a field of theirs is asked', async () => {
    expect(await asked('nodes { ... on One { note } ... on Two { note } }')).to.deep.equal(['nodes: One Two']);
    expect(await asked('nodes { ... on One { note } ... on Two { said: note } ... on Three { other } }')).to.deep.equal(
      ['nodes: One Three Two'],
    );
  });

  it('are not asked for a type below which none is asked', async () => {
    expect(await asked('nodes { ... on One { note } ... on Two { note } ... on Three { id } }')).to.deep.equal([
      'nodes: One Two',
    ]);
    expect(await asked('nodes { ... on One { note } }')).to.deep.equal(['nodes: One']);
  });

  it('are asked for every type where it is asked of the interface', async () => {
    const [list] = await asked('nodes { note ... on Two { other } }');
    expect(list).to.be.oneOf(['nodes: Node', 'nodes: One Three Two']);
  });

  it('are asked for every type of which something else requires them', async () => {
    expect(await asked('nodes { ... on One { from } ... on Two { from } }')).to.deep.equal(['nodes: One Two']);
  });

  it('are asked in fragments of fragments', async () => {
    expect(
      await asked('nodes { ... on Node { ... on One { ... on Node { note } } ... { ... on Two { note } } } }'),
    ).to.deep.equal(['nodes: One Two']);
  });

  it('are asked on the way to others', async () => {
    const lists = await asked(
      'nodes { ... on One { inner { ... on One { note } ... on Two { note } } } ... on Two { other } }',
    );
    expect(lists).to.include('nodes: One Two');
    expect(lists).to.include('nodes.inner: One Two');
  });
});
