import { expect } from 'chai';
import fc from 'fast-check';
import { longestEntry, mostPeople } from '../../../../gateway/compose/ceilings/entry-ceiling.js';
import { largestEntries, type EntryWords } from '../../../../gateway/compose/ceilings/largest-entries.js';
import { entryDisclosures } from '../../../../gateway/stages/entry-disclosures.js';
import { canonicalBytes } from '../../../../monitoring/audit/canonical.js';
import { completionEntry, intentEntry, LARGEST_SUBJECT, type EntryBody } from '../../../../monitoring/audit/entries.js';
import { MAX_ENTRY_BYTES, prepareEntry } from '../../../../monitoring/audit/append/prepared-entry.js';
import type { PossibleGround } from '../../../../policies/decision/possible-grounds.js';
import { besideOf, committed } from '../../../monitoring/audit/drafts.js';
import { executed } from '../../stages/requests.js';

const ground = (changed: Partial<PossibleGround>): PossibleGround => ({
  category: 'property.land',
  access: 'disclose',
  basis: 'consent',
  nexus: undefined,
  policies: ['with-consent'],
  ...changed,
});

const WORDS: EntryWords = {
  purpose: 'housing_queue',
  agencies: ['housing'],
  systems: ['housing'],
  documents: ['HousingQueue'],
  categories: ['property.land', 'tax.income', 'population.identity'],
  issuers: ['https://issuer.test'],
  registers: ['population', 'property'].map((name) => ({
    name,
    contract: '1.0.0',
    categories: [`${name}.identity`],
    ties: true,
  })),
  grounds: [
    ground({}),
    ground({ access: 'read' }),
    ground({ category: 'tax.income', policies: ['a', 'b'] }),
    ground({ category: 'population.identity', basis: 'public_task', nexus: 'list', policies: ['by-list'] }),
    ground({ category: 'population.identity', basis: 'public_task', nexus: 'relation', policies: ['by-list'] }),
  ],
};

describe('the ceiling of people', () => {
  const most = mostPeople(WORDS, 10_000);

  it('is the most with which the longest entry fits, and one more does not', () => {
    expect(most).to.be.within(50, 1_000);
    expect(longestEntry(WORDS, most)).to.be.at.most(MAX_ENTRY_BYTES);
    expect(longestEntry(WORDS, most + 1)).to.be.greaterThan(MAX_ENTRY_BYTES);
    expect(mostPeople(WORDS, most)).to.equal(most);
    expect(mostPeople(WORDS, most - 1)).to.equal(most - 1);
  });

  it('lets the log take each of the longest entries', () => {
    for (const body of largestEntries(WORDS, most)) {
      const people = 'subjects' in body ? [...body.subjects.keys()].map(String) : [];
      const subjects = committed(people);
      expect(() => prepareEntry({ body: { ...body, subjects } as EntryBody, beside: besideOf(people) })).to.not.throw();
    }
    expect(largestEntries(WORDS, most + 1).some((body) => canonicalBytes(body).length > MAX_ENTRY_BYTES)).to.equal(
      true,
    );
  });

  it('is 0 where not even one person fits', () => {
    const grounds = Array.from({ length: 400 }, (_, index) => ground({ category: `category.${index}` }));
    expect(mostPeople({ ...WORDS, grounds }, 50)).to.equal(0);
  });

  it('is as honest as it says: no entry of fewer people on these grounds is longer', () => {
    const people = 20;
    const { requestId, caller, question, token, at } = executed();
    const request = { requestId, caller, question, token, at };
    const longest = longestEntry(WORDS, people);
    const subjects = Array.from({ length: people }, () => LARGEST_SUBJECT);
    // A person has one consent for a category, and either was only asked about on a ground or was read.
    const choice = fc.array(fc.constantFrom('absent', 'read', 'disclose', 'both', 'asked'), {
      minLength: people * WORDS.grounds.length,
      maxLength: people * WORDS.grounds.length,
    });
    fc.assert(
      fc.property(choice, fc.nat(999_999), (choices, durationMs) => {
        const recorded = WORDS.grounds.flatMap(({ category, access, basis, nexus, policies }, index) =>
          subjects.flatMap((_, position) => {
            const chosen = choices[index * people + position];
            const claim = { consentId: `aaaaaaaa-aaaa-4aaa-8aaa-${String(position).padStart(12, '0')}`, revision: 7 };
            const shared = { basis, policies, ...(nexus === undefined ? {} : { nexus }) };
            const grant = basis === 'consent' ? { ...shared, claim } : shared;
            const one = (used: 'read' | 'disclose' | 'asked') => ({
              category,
              access: used,
              grant,
              subjects: [position],
            });
            if (chosen === 'absent' || chosen === undefined) return [];
            if (chosen === 'asked') return [one('asked')];
            if (access === 'read') return [one('read')];
            return chosen === 'both' ? [one('read'), one('disclose')] : [one('disclose')];
          }),
        );
        const entry = completionEntry({
          request,
          at: new Date(),
          outcome: 'answered',
          subjects,
          disclosed: entryDisclosures(recorded, (kind, position) => ({
            kind,
            source: kind === 'relation' && position % 3 === 0 ? 'population' : 'property',
            answeredAt: '2026-11-23T10:00:00.000Z',
            evidence: 'f'.repeat(64),
          })),
          withheld: [{ category: 'tax.income', code: 'CONSENT_WITHDRAWN', count: people }],
          registers: [],
          policySet: 'f'.repeat(64),
          catalogue: 'f'.repeat(64),
          configuration: 'f'.repeat(64),
          answer: 'f'.repeat(64),
          durationMs,
        });
        expect(canonicalBytes(entry).length).to.be.at.most(longest);
      }),
      { numRuns: 300 },
    );
  });

  it('leaves room for everything that a plan may read', () => {
    const [intent] = largestEntries(WORDS, 100);
    expect(intent?.kind).to.equal('intent');
    const { requestId, caller, question, token, at } = executed();
    const small = intentEntry({
      request: { requestId, caller, question, token, at },
      at: new Date(),
      reads: [],
      subjects: [],
      policySet: '',
      catalogue: '',
      configuration: '',
    });
    expect(canonicalBytes(intent as typeof small).length).to.be.greaterThan(canonicalBytes(small).length + 32_768);
  });
});
