import { expect } from 'chai';
import { country } from '../country.js';
import { APPLICANT, CHILD, plain, SECOND_CHILD, SPOUSE, told, world } from '../harness.js';

const LANDS = 'query Q($iin: Iin!) { citizen(iin: $iin) { lands { area } } }';

describe('keys of entities', () => {
  it('are asked for once for each person, wherever the person stands', async () => {
    const { ask, adapters } = country();
    await ask(
      'query Q($iin: Iin!) { a: citizen(iin: $iin) { lands { area } } b: citizen(iin: $iin) { lands { area } children { lands { area } } spouse { lands { area } } } }',
      { iin: APPLICANT },
    );
    const [call, ...others] = adapters.get('property')!.calls;
    expect(others).to.deep.equal([]);
    expect(call!.groups.flatMap(({ keys = [] }) => keys.map((key) => (key as { iin: string }).iin))).to.have.members([
      APPLICANT,
      SPOUSE,
      CHILD,
      SECOND_CHILD,
    ]);
  });

  it('are not made of an object whose key failed: its fields have the same fault', async () => {
    const { ask, adapters } = world(
      {
        docs: {
          sdl: 'type Query { docs: [Doc] } type Doc @key(fields: "id") { id: ID }',
          roots: { docs: () => [1, 2].map((id) => ({ __typename: 'Doc', id: String(id) })) },
        },
        tags: {
          sdl: 'type Doc @key(fields: "id") { id: ID tag: String }',
          entity: ({ id }) => ({ __typename: 'Doc', id, tag: `t${String(id)}` }),
        },
      },
      { unlinted: true },
    );
    adapters.get('docs')!.intercept = async (_call, answer) => {
      const [group] = answer();
      (group!.records[0]!['docs'] as Record<string, unknown>[])[0]!['id'] = null;
      return [{ ...group!, errors: [{ path: [0, 'docs', 0, 'id'], failure: 'unavailable' }] }];
    };
    const outcome = await ask('{ docs { tag } }');
    expect(adapters.get('tags')!.calls[0]!.groups[0]!.keys).to.have.length(1);
    expect(told(outcome)).to.deep.equal(['docs.0.tag: REGISTER_UNAVAILABLE']);
    expect(plain(outcome.data)).to.deep.equal({ docs: [{ tag: null }, { tag: 't2' }] });
  });

  it('are not made of a record about another person, which is not accepted', async () => {
    const { ask, adapters } = country();
    adapters.get('population')!.intercept = async (_call, answer) => {
      const [group] = structuredClone(answer());
      (group!.records[0]!['citizen'] as Record<string, unknown>)['iin'] = SPOUSE;
      return [group!];
    };
    const outcome = await ask(LANDS, { iin: APPLICANT });
    expect(adapters.get('property')!.calls).to.deep.equal([]);
    expect(JSON.stringify(outcome.errors)).to.contain('REGISTER_MALFORMED_RESPONSE');
    expect(JSON.stringify(plain(outcome.data))).to.not.contain('6.00');
  });

  it('are not made where the object is missing', async () => {
    const { ask, adapters } = country();
    adapters.get('population')!.intercept = async (_call, answer) => {
      const [group] = structuredClone(answer());
      group!.records[0]!['citizen'] = null;
      return [group!];
    };
    const outcome = await ask(LANDS, { iin: APPLICANT });
    expect([plain(outcome.data), outcome.errors]).to.deep.equal([{ citizen: null }, []]);
    expect(adapters.get('property')!.calls).to.deep.equal([]);
  });
});
