import { createHash } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { AccessRecord } from '../../../gateway/access/access-record.js';
import { uncommitted, type CommittedPerson } from '../../../gateway/stages/commit-subjects.js';
import { entryNexus } from '../../../gateway/stages/entry-nexus.js';
import type { SubjectRef } from '../../../schemas/ports/gate.js';
import { seededRandom, standingClock } from '../../doubles.js';
import { APPLICANT, CASE_FACTS, OTHER, SPOUSE } from './requests.js';

const salted = (...identifiers: readonly string[]): readonly CommittedPerson[] => {
  const random = seededRandom();
  return identifiers.map((identifier) => ({ identifier, salt: random.bytes(16) }));
};
/** What an auditor computes by docs/verify.md, without any code of the gateway. */
const recomputed = (salts: readonly (Uint8Array | undefined)[], text: string): string => {
  const hash = createHash('sha256');
  for (const salt of salts) hash.update(salt ?? Buffer.alloc(0));
  return hash.update(text, 'utf8').digest('hex');
};
const QUESTION = `{"agency":"housing","case":"HQ-2026-000101","purpose":"housing_queue","subjects":["${APPLICANT}"]}`;
const ANSWER = '{"case":{"status":"open"},"facts":[{"kind":"application","reference":"housing/1","subject":0}]}';

const applicant: SubjectRef = { id: APPLICANT, role: 'self' };
const linked = (id: string, role: string, via = applicant): SubjectRef => ({ id, role, via });

/** The record of a request that granted something of these people by the nexus `relation`. */
function recordOf(links: readonly (readonly [register: string, subject: SubjectRef])[]): AccessRecord {
  const access = new AccessRecord('r-1', standingClock());
  access.recordIntent([APPLICANT]);
  access.recordNexus(CASE_FACTS);
  for (const [register, subject] of links) {
    access.recordLink(register, subject);
    const grant = { basis: 'public_task', nexus: 'relation', policies: ['p'] } as const;
    access.recordRead({ subject, granted: new Map([['tax.income', { access: 'disclose' as const, grant }]]) });
  }
  return access;
}

describe('the nexus of people in an entry', () => {
  it('names the case system, the time of its answer, and a commitment to question and answer', () => {
    const people = salted(APPLICANT, SPOUSE);
    const nexusOf = entryNexus(recordOf([]), people);
    expect(nexusOf('application', 0)).to.deep.equal({
      kind: 'application',
      source: 'housing',
      answeredAt: '2026-11-23T10:00:00.250Z',
      evidence: recomputed([people[0]?.salt], `{"answer":${ANSWER},"question":${QUESTION}}`),
    });
    expect(nexusOf('list', 0)).to.deep.equal({ ...nexusOf('application', 0), kind: 'list' });
  });

  it('names the register that answered a link, and commits to the link and to what the case system said', () => {
    const people = salted(APPLICANT, SPOUSE, OTHER);
    const access = recordOf([
      ['civil-acts', linked(OTHER, 'child')],
      ['civil-acts', linked(SPOUSE, 'spouse')],
      ['population', linked(SPOUSE, 'spouse')],
    ]);
    const nexusOf = entryNexus(access, people);
    const links = `[{"of":"${APPLICANT}","role":"spouse","subject":"${SPOUSE}"},{"of":"${APPLICANT}","role":"child","subject":"${OTHER}"}]`;
    expect(nexusOf('relation', 1)).to.deep.equal({
      kind: 'relation',
      source: 'civil-acts',
      answeredAt: '2026-11-23T10:00:00.000Z',
      evidence: recomputed(
        people.map(({ salt }) => salt),
        `{"answer":${ANSWER},"links":${links},"question":${QUESTION},"register":"civil-acts"}`,
      ),
    });
    expect(nexusOf('relation', 2)).to.equal(nexusOf('relation', 1));
  });

  it('takes one hash for each answer, however many people it serves', () => {
    const many = Array.from({ length: 500 }, (_, index) => String(100_000_000_000 + index));
    const access = recordOf(many.map((id) => ['civil-acts', linked(id, 'child')] as const));
    const nexusOf = entryNexus(access, salted(APPLICANT, ...many));
    expect(new Set(many.map((_, index) => nexusOf('relation', index + 1))).size).to.equal(1);
  });

  it('is another for the same facts in another entry, and for each other answer', () => {
    const random = seededRandom();
    const evidence = (salt: Uint8Array, facts = CASE_FACTS.facts): string => {
      const access = new AccessRecord('r-1', standingClock());
      access.recordNexus({ ...CASE_FACTS, facts });
      return entryNexus(access, [{ identifier: APPLICANT, salt }])('application', 0).evidence;
    };
    const one = random.bytes(16);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), fc.jsonValue(), (salt, answer) => {
        expect(evidence(salt)).to.not.equal(evidence(one));
        expect(evidence(one, { ...CASE_FACTS.facts, answer })).to.not.equal(evidence(one));
        expect(evidence(one)).to.equal(evidence(one));
      }),
    );
  });

  it('is refused where no fact was recorded, so that nothing is disclosed on it', () => {
    const people = salted(APPLICANT, SPOUSE);
    const nothing = new AccessRecord('r-1', standingClock());
    expect(() => entryNexus(nothing, people)('application', 0)).to.throw('no recorded fact');
    expect(() => entryNexus(nothing, people)('relation', 1)).to.throw('no recorded fact');
    expect(() => entryNexus(recordOf([]), people)('relation', 1)).to.throw('no recorded fact');
  });

  it('is refused for facts about a person that the entry does not name: they would stand there without a salt', () => {
    expect(() => entryNexus(recordOf([]), salted(OTHER))('application', 0)).to.throw('no recorded fact');
  });

  it('leaves out people that the entry has no room for: their salts, and links to them', () => {
    const access = recordOf([
      ['civil-acts', linked(SPOUSE, 'spouse')],
      ['civil-acts', linked(OTHER, 'child')],
    ]);
    const people = salted(APPLICANT, SPOUSE);
    const nexusOf = entryNexus(access, people, { leftOut: [OTHER] });
    const links = `[{"of":"${APPLICANT}","role":"spouse","subject":"${SPOUSE}"}]`;
    expect(nexusOf('relation', 1).evidence).to.equal(
      recomputed(
        people.map(({ salt }) => salt),
        `{"answer":${ANSWER},"links":${links},"question":${QUESTION},"register":"civil-acts"}`,
      ),
    );
    expect(() => entryNexus(access, people)('relation', 1)).to.throw('no recorded fact');
  });

  it('reads no link if no one is tied by a relation', () => {
    const accessed = {
      nexusFacts: CASE_FACTS,
      get linkFacts(): never {
        throw new Error('read');
      },
    };
    expect(entryNexus(accessed, salted(APPLICANT))('application', 0).source).to.equal('housing');
  });

  it('has the same length before the people are committed, so that an entry can be measured', () => {
    const access = recordOf([['civil-acts', linked(SPOUSE, 'spouse')]]);
    const written = (people: readonly CommittedPerson[], isMeasured: boolean): string => {
      const nexusOf = entryNexus(access, people, { isMeasured });
      return JSON.stringify([nexusOf('list', 0), nexusOf('relation', 1)]);
    };
    const before = written(uncommitted([APPLICANT, SPOUSE]), true);
    const after = written(salted(APPLICANT, SPOUSE), false);
    expect(before).to.have.lengthOf(after.length);
    expect(before).to.not.equal(after);
  });
});
