import { expect } from 'chai';
import type { CompiledList, EntityFetch } from '../../../../gateway/execution/fetch/entity-fetch.js';
import { collectKeys } from '../../../../gateway/execution/fetch/entity-keys.js';
import { GrantedFieldsCompiler } from '../../../../gateway/execution/gate/granted-fields.js';
import { listeningObserver } from '../../../doubles.js';
import { country } from '../country.js';
import {
  APPLICANT,
  CHILD,
  memoryAdapter,
  NO_CONTRACTS,
  plain,
  SECOND_CHILD,
  SPOUSE,
  errorsOf,
  world,
} from '../harness.js';
import { smallRun } from '../small-fetches.js';
import { field, selection } from '../small-reads.js';
import { SMALL } from '../small-types.js';

const LANDS = 'query Q($iin: Iin!) { citizen(iin: $iin) { lands { area } } }';

describe('keys of entities', () => {
  it('are asked for once for each person, also if the person occurs in several positions', async () => {
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
      return [{ ...group!, errors: [{ path: [0, 'docs', 0, 'id'], reason: 'breaker_open' }] }];
    };
    const outcome = await ask('{ docs { tag } }');
    expect(adapters.get('tags')!.calls[0]!.groups[0]!.keys).to.have.length(1);
    expect(errorsOf(outcome)).to.deep.equal(['docs.0.tag: REGISTER_UNAVAILABLE']);
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

/**
 * Collects the key of one object that was accepted for `subject`, with this number in its key. No record is checked
 * here: the data are as if the check of the record had let another person's record through.
 */
function collected(number: unknown, subject: string | undefined, subjectField: string | null = 'id') {
  const observer = listeningObserver();
  const run = smallRun({}, observer);
  const object = { __typename: 'Doc', id: number };
  const list: CompiledList = {
    position: 0,
    walk: (_root, _annotations, onTarget) =>
      onTarget(object, subject === undefined ? undefined : run.subjects.named(subject)),
    represent: (entity) => ({ key: { ...entity }, text: JSON.stringify(entity), type: 'Doc' }),
    missingValue: () => undefined,
    completeLeaves: () => undefined,
    findKey: { fields: ['id'], find: () => undefined },
    selection: selection([field('title'), field('address'), field('_g_id', { origin: 'identity' })]),
    categories: () => new Map(),
    links: () => [],
    asksOf: () => true,
    keyCategories: () => new Set(),
    subjectField: () => subjectField ?? undefined,
    trimLists: undefined,
    preparedCalls: undefined as never,
  };
  const fetch: EntityFetch = { register: 'docs', adapter: memoryAdapter('docs', {}), lists: [list] };
  const keys = collectKeys(fetch, new GrantedFieldsCompiler(SMALL, NO_CONTRACTS), run);
  const faults = ['title', 'address', '_g_id'].map((key) => run.annotations.faultAt(object, key)?.code);
  return { keys, faults, events: observer.lines.map(({ event, fields }) => [event, fields]) };
}

describe('a key that names a person', () => {
  it('is asked for if the object was accepted for that person', () => {
    const { keys, faults, events } = collected(APPLICANT, APPLICANT);
    expect(keys.map(({ representation, subject }) => [representation.key['id'], subject?.id])).to.deep.equal([
      [APPLICANT, APPLICANT],
    ]);
    expect(faults).to.deep.equal([undefined, undefined, undefined]);
    expect(events).to.deep.equal([]);
  });

  for (const [who, subject] of Object.entries({ 'another person': APPLICANT, 'no person': undefined })) {
    it(`is not asked for if the object was accepted for ${who}: its fields fail, and the log says so`, () => {
      const { keys, faults, events } = collected(SPOUSE, subject);
      expect(keys).to.deep.equal([]);
      expect(faults).to.deep.equal(['REGISTER_MALFORMED_RESPONSE', 'REGISTER_MALFORMED_RESPONSE', undefined]);
      expect(events).to.deep.equal([['execution.key_of_somebody_else', { register: 'docs' }]]);
    });
  }

  it('is asked for without a check if objects of its type are about no one', () => {
    const { keys } = collected('d1', APPLICANT, null);
    expect(keys).to.have.length(1);
  });
});
