import { expect } from 'chai';
import { parseFacts } from '../../../policies/nexus/facts-answer.js';
import { NexusUnavailable } from '../../../policies/nexus/nexus-unavailable.js';

const fact = (changed: object = {}) => ({ subject: 0, kind: 'list', reference: 'R-1', ...changed });
const OPEN = { status: 'open' };
const parse = (facts: unknown, subjects = 2) => parseFacts(JSON.stringify({ case: OPEN, facts }), subjects).facts;
const statusOf = (matter: unknown): string => parseFacts(JSON.stringify({ case: matter, facts: [] }), 1).status;
const isMalformed = (read: () => unknown): void => {
  expect(read).to.throw(NexusUnavailable).that.includes({ kind: 'malformed' });
};

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
      isMalformed(() => parse(facts));
    });
  }

  it('says of the case that it is open, closed or unknown; of a case of which it says nothing, that it is unknown', () => {
    expect(['open', 'closed', 'unknown'].map((status) => statusOf({ status }))).to.deep.equal([
      'open',
      'closed',
      'unknown',
    ]);
    expect(statusOf(undefined)).to.equal('unknown');
  });

  const cases: Record<string, unknown> = {
    'null for a case': null,
    'a status alone': 'open',
    'a case without status': {},
    'a list of cases': [OPEN],
    'another status': { status: 'reopened' },
    'a status in capitals': { status: 'OPEN' },
    'a status with a space': { status: 'open ' },
    'true for a status': { status: true },
    'a list of one status': { status: ['open'] },
    'null for a status': { status: null },
    'a member that no one knows': { status: 'open', until: '2026-01-01' },
  };
  for (const [name, matter] of Object.entries(cases)) {
    it(`is malformed with ${name}`, () => isMalformed(() => statusOf(matter)));
  }

  const texts: Record<string, string> = {
    'a case given twice': '{"case":{"status":"closed"},"case":{"status":"open"},"facts":[]}',
    'a status given twice': '{"case":{"status":"closed","status":"open"},"facts":[]}',
    'a status given twice, once escaped': '{"case":{"status":"closed","st\\u0061tus":"open"},"facts":[]}',
    'a fact given twice': '{"case":{"status":"open"},"facts":[],"facts":[{"subject":0,"kind":"list","reference":"R"}]}',
    'a prototype': '{"case":{"__proto__":{"status":"open"}},"facts":[]}',
    'a lone surrogate': '{"case":{"status":"open"},"facts":[{"subject":0,"kind":"list","reference":"\\ud800"}]}',
    'too many levels': `{"case":{"status":"open"},"facts":[],"more":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
    'something after it': '{"case":{"status":"open"},"facts":[]}{}',
  };
  for (const [name, text] of Object.entries(texts)) {
    it(`is malformed with ${name}`, () => isMalformed(() => parseFacts(text, 1)));
  }

  it('is malformed when it is not JSON', () => {
    expect(() => parseFacts('<facts/>', 1)).to.throw(NexusUnavailable);
  });
});
