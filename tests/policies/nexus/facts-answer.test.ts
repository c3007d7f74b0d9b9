import { expect } from 'chai';
import { parseFacts } from '../../../policies/nexus/facts-answer.js';
import { NexusUnavailable } from '../../../policies/nexus/nexus-unavailable.js';

const fact = (changed: object = {}) => ({ subject: 0, kind: 'list', reference: 'R-1', ...changed });
const parse = (facts: unknown, subjects = 2) => parseFacts(JSON.stringify({ facts }), subjects);

describe('facts-answer', () => {
  it('reads facts, several about one subject or none', () => {
    const facts = [fact(), fact({ kind: 'application' }), fact({ subject: 1 })];
    expect(parse(facts)).to.deep.equal(facts);
    expect(parse([])).to.deep.equal([]);
  });

  const faults: Record<string, unknown> = {
    'a subject beyond the question': [fact(), fact({ subject: 2 })],
    'a negative subject': [fact({ subject: -1 })],
    'a subject between two': [fact({ subject: 0.5 })],
    'an unknown kind': [fact({ kind: 'rumour' })],
    'a relation, which no agency holds': [fact({ kind: 'relation' })],
    'no reference': [fact({ reference: '' })],
    'a reference that is too long': [fact({ reference: 'R'.repeat(201) })],
    'no list': {},
    nothing: undefined,
  };
  for (const [name, facts] of Object.entries(faults)) {
    it(`is malformed as a whole with ${name}`, () => {
      expect(() => parse(facts))
        .to.throw(NexusUnavailable)
        .that.includes({ kind: 'malformed' });
    });
  }

  it('is malformed when it is not JSON', () => {
    expect(() => parseFacts('<facts/>', 1)).to.throw(NexusUnavailable);
  });
});
