import { expect } from 'chai';
import {
  createSubjectNexus,
  type SubjectNexus,
  type SubjectNexusOptions,
} from '../../../policies/gate/subject-nexus.js';
import type { NexusFact } from '../../../policies/nexus/port.js';
import { PARTIES } from '../parties.js';
import { ADULT, CHILD, SPOUSE, STRANGER } from '../people.js';
import { linked, PURPOSE, named } from './gate-fixture.js';
import { rejection } from '../../rejection.js';

describe('subject-nexus', () => {
  const opened = (
    facts: Record<string, readonly NexusFact['kind'][]>,
    changed: Partial<SubjectNexusOptions> = {},
  ): SubjectNexus => {
    return createSubjectNexus({
      caller: PARTIES.housing,
      purpose: PURPOSE,
      caseFacts: async () =>
        new Map(Object.entries(facts).map(([id, kinds]) => [id, kinds.map((kind) => ({ kind, reference: 'R' }))])),
      ...changed,
    });
  };

  it('is made of the facts about the people that the question names', async () => {
    const nexus = await opened({ [ADULT]: ['application', 'application', 'list'] })([named(ADULT), named(STRANGER)]);
    expect(nexus).to.deep.equal([['application', 'list'], []]);
  });

  it('is a relation for a person that a known link leads to from a person with a fact', async () => {
    const nexusOf = opened({ [ADULT]: ['list'] });
    expect(await nexusOf([linked(SPOUSE, 'spouse', named(ADULT)), linked(CHILD, 'child', named(ADULT))])).to.deep.equal(
      [['relation'], ['relation']],
    );
  });

  it('is none along a link that the purpose does not know', async () => {
    expect(await opened({ [ADULT]: ['list'] })([linked(SPOUSE, 'household', named(ADULT))])).to.deep.equal([[]]);
  });

  it('is none along a link from a person without a fact', async () => {
    expect(await opened({})([linked(SPOUSE, 'spouse', named(STRANGER))])).to.deep.equal([[]]);
  });

  it('is none after a second link', async () => {
    const spouse = linked(SPOUSE, 'spouse', named(ADULT));
    expect(await opened({ [ADULT]: ['list'] })([linked(CHILD, 'child', spouse)])).to.deep.equal([[]]);
    expect(await opened({ [ADULT]: ['list'], [SPOUSE]: ['list'] })([linked(CHILD, 'child', spouse)])).to.deep.equal([
      [],
    ]);
  });

  it('is none along a link from nowhere, and none for a linked person by facts about that person alone', async () => {
    expect(await opened({ [SPOUSE]: ['list'] })([{ id: SPOUSE, role: 'spouse' }])).to.deep.equal([[]]);
  });

  it('is the citizen for the citizen and none for anyone else', async () => {
    const nexusOf = opened({ [ADULT]: ['list'], [SPOUSE]: ['list'] }, { caller: PARTIES.citizen });
    expect(await nexusOf([named(ADULT), named(SPOUSE), linked(CHILD, 'child', named(ADULT))])).to.deep.equal([
      ['self'],
      [],
      [],
    ]);
  });

  it('is not known, for anyone or for no one, where the facts are not', async () => {
    const closed = new Error('not open');
    const nexusOf = opened({}, { caseFacts: () => Promise.reject(closed) });
    for (const subjects of [[named(ADULT)], []]) expect(await rejection(nexusOf(subjects))).to.equal(closed);
  });
});
