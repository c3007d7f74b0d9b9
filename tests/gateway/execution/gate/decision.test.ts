import { expect } from 'chai';
import {
  decide,
  DecisionBatch,
  deniedDecision,
  UNGOVERNED_DECISION,
  withheldFault,
  type Decision,
} from '../../../../gateway/execution/gate/decision.js';
import type { Gate, GateAnswer, SubjectRef } from '../../../../schemas/ports/gate.js';
import type { Access } from '../../../../schemas/vocabulary.js';
import { rejection } from '../../../rejection.js';
import { fakeGate, PUBLIC_TASK } from '../harness.js';
import { deniedWithoutPerson } from '../../../doubles.js';

const ANNA: SubjectRef = { id: '1', role: 'self' };
const BORIS: SubjectRef = { id: '2', role: 'self' };

const batchOf = (...wanted: readonly (readonly [SubjectRef, Readonly<Record<string, Access>>])[]): DecisionBatch => {
  const batch = new DecisionBatch();
  for (const [subject, categories] of wanted) batch.add(subject, new Map(Object.entries(categories)));
  return batch;
};
/** A gate that gives these answers to all questions. */
const answering = (...answers: readonly GateAnswer[]): Gate => ({
  decide: async () => answers,
  decideWithoutPerson: deniedWithoutPerson,
  countTold: () => undefined,
});
const decideOn = async (gate: Gate, categories: Readonly<Record<string, Access>>): Promise<Decision> =>
  (await decide(gate, batchOf([ANNA, categories]))).get(ANNA) ?? expect.fail('no decision on the person');
const granting = (...categories: readonly string[]): GateAnswer['granted'] =>
  new Map(categories.map((category) => [category, PUBLIC_TASK]));

describe('decisions', () => {
  it('ask once about every person, with the stronger access to each category', async () => {
    const gate = fakeGate();
    const batch = batchOf(
      [ANNA, { a: 'read', b: 'disclose' }],
      [BORIS, { a: 'read' }],
      [ANNA, { a: 'disclose', b: 'read' }],
    );
    const decisions = await decide(gate, batch);
    expect(gate.batches).to.have.length(1);
    expect(gate.batches[0]).to.deep.equal([
      {
        subject: ANNA,
        categories: [
          { category: 'a', access: 'disclose' },
          { category: 'b', access: 'disclose' },
        ],
      },
      { subject: BORIS, categories: [{ category: 'a', access: 'read' }] },
    ]);
    expect([...(decisions.get(ANNA)?.granted.keys() ?? [])]).to.deep.equal(['a', 'b']);
    expect(decisions.get(BORIS)?.granted.get('a')).to.deep.equal({ access: 'read', grant: PUBLIC_TASK });
  });

  it('ask about many people by one list of categories, and change it for one of them only', async () => {
    const gate = fakeGate();
    const batch = new DecisionBatch();
    const shared = new Map<string, Access>([['a', 'read']]);
    const people = ['1', '2', '3'].map((id): SubjectRef => ({ id, role: 'self' }));
    for (const person of people) batch.add(person, shared);
    batch.add(people[1] ?? ANNA, new Map([['a', 'disclose'] as const, ['b', 'read'] as const]));
    batch.add(people[2] ?? ANNA, shared);
    await decide(gate, batch);
    const [first, second, third] = gate.batches[0] ?? [];
    expect(first?.categories).to.deep.equal([{ category: 'a', access: 'read' }]);
    expect(third?.categories).to.equal(first?.categories);
    expect(second?.categories).to.deep.equal([
      { category: 'a', access: 'disclose' },
      { category: 'b', access: 'read' },
    ]);
    expect([...shared]).to.deep.equal([['a', 'read']]);
  });

  it('ask nothing where no category is read', async () => {
    const gate = fakeGate();
    expect((await decide(gate, batchOf([ANNA, {}]))).size).to.equal(0);
    expect(gate.batches).to.deep.equal([]);
  });

  it('deny a category about which the gate says nothing', async () => {
    const decision = await decideOn(answering({ granted: granting('a'), withheld: new Map() }), {
      a: 'read',
      b: 'read',
    });
    expect([...decision.denied]).to.deep.equal(['b']);
    expect(withheldFault('b', decision)).to.deep.equal({ code: 'POLICY_DENIED', category: 'b' });
  });

  it('deny a category that the gate both grants and withholds', async () => {
    const withheld: GateAnswer['withheld'] = new Map([['a', { code: 'CONSENT_REQUIRED', consentRequest: 'sealed' }]]);
    const decision = await decideOn(answering({ granted: granting('a'), withheld }), { a: 'read' });
    expect(decision.granted.size).to.equal(0);
    expect(withheldFault('a', decision)).to.deep.equal({
      code: 'CONSENT_REQUIRED',
      category: 'a',
      consentRequest: 'sealed',
    });
  });

  it('ignore a grant that was not asked for', async () => {
    const decision = await decideOn(answering({ granted: granting('a', 'c'), withheld: new Map() }), { a: 'read' });
    expect([...decision.granted.keys()]).to.deep.equal(['a']);
  });

  it('grant nothing of a person who is absent, and withhold what is withheld of anyone', async () => {
    const answer: GateAnswer = {
      granted: granting('a'),
      withheld: new Map([['b', { code: 'CONSENT_REQUIRED' }]]),
      absent: new Set(['b', 'c']),
    };
    const decision = await decideOn(answering(answer), { a: 'read', b: 'read', c: 'read' });
    expect(decision.absent).to.equal(true);
    expect(decision.granted.size).to.equal(0);
    expect([...decision.denied]).to.deep.equal(['a', 'b']);
  });

  it('have the same key for the same denied categories, in any order', async () => {
    const withholding = (...categories: readonly ('a' | 'b' | 'c')[]): Gate =>
      answering({
        granted: granting('a', 'b', 'c'),
        withheld: new Map(categories.map((category) => [category, { code: 'CONSENT_REQUIRED' }])),
      });
    const keyOf = async (gate: Gate, categories: readonly string[]): Promise<string> =>
      (await decideOn(gate, Object.fromEntries(categories.map((category) => [category, 'read'] as const)))).deniedKey;
    const key = await keyOf(withholding('a', 'c'), ['a', 'b', 'c']);
    expect(await keyOf(withholding('c', 'a'), ['c', 'b', 'a'])).to.equal(key);
    expect(await keyOf(withholding('a'), ['a', 'b', 'c'])).to.not.equal(key);
    expect(await keyOf(withholding(), ['a'])).to.equal(UNGOVERNED_DECISION.deniedKey);
  });

  it('are refused as a whole when the gate answers fewer or more questions than it was asked', async () => {
    const answer: GateAnswer = { granted: granting('a'), withheld: new Map() };
    for (const gate of [answering(), answering(answer, answer)])
      expect(await rejection(decide(gate, batchOf([ANNA, { a: 'read' }])))).to.include({
        code: 'INTERNAL_SERVER_ERROR',
      });
  });

  it('deny everything where there is no person to decide on', () => {
    const decision = deniedDecision(['b', 'a']);
    expect(decision.subject).to.equal(undefined);
    expect([...decision.denied]).to.have.members(['a', 'b']);
    expect(decision.granted.size).to.equal(0);
    expect(decision.absent).to.equal(false);
  });
});
