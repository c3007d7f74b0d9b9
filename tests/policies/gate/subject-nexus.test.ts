import { expect } from 'chai';
import { createTies, type Ties, type TiesOptions } from '../../../policies/gate/subject-nexus.js';
import type { NexusFact } from '../../../policies/nexus/port.js';
import { PARTIES } from '../parties.js';
import { ADULT, CHILD, SPOUSE, STRANGER } from '../people.js';
import { linked, PURPOSE, root } from './gate-fixture.js';

describe('ties', () => {
  let asked: (readonly string[])[];
  const opened = (facts: Record<string, readonly NexusFact['kind'][]>, changed: Partial<TiesOptions> = {}): Ties => {
    asked = [];
    return createTies({
      caller: PARTIES.housing,
      purpose: PURPOSE,
      case: { agency: 'housing', number: 'HQ-2026-000101' },
      deadline: 1_000,
      givenFacts: new Map(),
      nexus: {
        facts: async ({ subjects }) => {
          asked.push(subjects);
          return new Map(
            Object.entries(facts).map(([id, kinds]) => [id, kinds.map((kind) => ({ kind, reference: 'R' }))]),
          );
        },
      },
      ...changed,
    });
  };

  it('are the facts of whom the question names', async () => {
    const ties = await opened({ [ADULT]: ['application', 'application', 'list'] })([root(ADULT), root(STRANGER)]);
    expect(ties).to.deep.equal([['application', 'list'], []]);
  });

  it('are a relation for whom a known link leads to from a tied person', async () => {
    const ties = opened({ [ADULT]: ['list'] });
    expect(await ties([linked(SPOUSE, 'spouse', root(ADULT)), linked(CHILD, 'child', root(ADULT))])).to.deep.equal([
      ['relation'],
      ['relation'],
    ]);
    expect(asked).to.deep.equal([[ADULT]]);
  });

  it('are none along a link that the purpose does not know', async () => {
    expect(await opened({ [ADULT]: ['list'] })([linked(SPOUSE, 'household', root(ADULT))])).to.deep.equal([[]]);
  });

  it('are none from a person who is not tied', async () => {
    expect(await opened({})([linked(SPOUSE, 'spouse', root(STRANGER))])).to.deep.equal([[]]);
  });

  it('are none after a second link', async () => {
    const spouse = linked(SPOUSE, 'spouse', root(ADULT));
    expect(await opened({ [ADULT]: ['list'] })([linked(CHILD, 'child', spouse)])).to.deep.equal([[]]);
    expect(await opened({ [ADULT]: ['list'], [SPOUSE]: ['list'] })([linked(CHILD, 'child', spouse)])).to.deep.equal([
      [],
    ]);
  });

  it('are none along a link from nowhere, nor by facts of one’s own that the question did not name', async () => {
    expect(await opened({ [SPOUSE]: ['list'] })([{ id: SPOUSE, role: 'spouse' }])).to.deep.equal([[]]);
    expect(asked).to.deep.equal([]);
  });

  it('are the facts given, which are not asked for again and reach along links', async () => {
    const ties = opened({}, { givenFacts: new Map([[ADULT, 'application']]) });
    expect(await ties([root(ADULT), linked(CHILD, 'child', root(ADULT))])).to.deep.equal([
      ['application'],
      ['relation'],
    ]);
    expect(asked).to.deep.equal([]);
  });

  it('are oneself for a citizen, and nothing for anybody else, and no agency is asked', async () => {
    const ties = opened({ [ADULT]: ['list'], [SPOUSE]: ['list'] }, { caller: PARTIES.citizen });
    expect(await ties([root(ADULT), root(SPOUSE), linked(CHILD, 'child', root(ADULT))])).to.deep.equal([
      ['self'],
      [],
      [],
    ]);
    expect(asked).to.deep.equal([]);
  });

  it('are none without a case', async () => {
    expect(await opened({ [ADULT]: ['list'] }, { case: undefined })([root(ADULT)])).to.deep.equal([[]]);
    expect(asked).to.deep.equal([]);
  });
});
