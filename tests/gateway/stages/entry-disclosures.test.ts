import { expect } from 'chai';
import fc from 'fast-check';
import type { NexusOf } from '../../../gateway/stages/entry-nexus.js';
import type { EntryNexus } from '../../../monitoring/audit/entries.js';
import type { NexusKind } from '../../../schemas/vocabulary.js';
import { entryDisclosures, type RecordedDisclosure } from '../../../gateway/stages/entry-disclosures.js';

const nexusOf: NexusOf = (kind) => NEXUS[kind];
const from = (kind: NexusKind): EntryNexus => ({
  kind,
  source: 'housing',
  answeredAt: '2026-11-23T10:00:00.000Z',
  evidence: 'e'.repeat(64),
});
const NEXUS = { application: from('application'), list: from('list'), relation: from('relation'), self: from('self') };
const claim = (consent: number) => ({ consentId: `consent-${consent}`, revision: 1 });
const LAWFUL = { basis: 'public_task', nexus: 'list', policies: ['p'] } as const;
const CONSENTED = { basis: 'consent', policies: ['q'] } as const;

describe('the disclosures of an entry', () => {
  it('are one for everyone who consented, with the consent of each', () => {
    const recorded = [3, 1, 2].map((position) => ({
      category: 'tax.income',
      access: 'disclose' as const,
      grant: { ...CONSENTED, claim: claim(position) },
      subjects: [position],
    }));
    expect(entryDisclosures(recorded, nexusOf)).to.deep.equal([
      {
        category: 'tax.income',
        access: 'disclose',
        basis: 'consent',
        nexus: null,
        policies: ['q'],
        consents: ['consent-3@1', 'consent-1@1', 'consent-2@1'],
        subjects: [3, 1, 2],
      },
    ]);
  });

  it('do not list as read what was disclosed about the same person on the same ground', () => {
    const one = (
      access: 'read' | 'disclose',
      subjects: readonly number[],
      grant: RecordedDisclosure['grant'] = LAWFUL,
    ) => ({
      category: 'a',
      access,
      grant,
      subjects,
    });
    const told = (...recorded: readonly RecordedDisclosure[]) =>
      entryDisclosures(recorded, nexusOf).map(({ access, subjects }) => `${access} ${subjects.join()}`);
    expect(told(one('read', [0, 1]), one('disclose', [1]))).to.deep.equal(['read 0', 'disclose 1']);
    expect(told(one('read', [1]), one('disclose', [1]))).to.deep.equal(['disclose 1']);
    expect(told(one('read', [1], { ...LAWFUL, policies: ['x'] }), one('disclose', [1]))).to.deep.equal([
      'read 1',
      'disclose 1',
    ]);
  });

  it('stand apart for people who are tied by answers of different sources', () => {
    const sources = ['population', 'civil-acts', 'population'];
    const [one, other] = [
      { ...from('relation'), source: 'population' },
      { ...from('relation'), source: 'civil-acts' },
    ];
    const made = entryDisclosures(
      [{ category: 'a', access: 'disclose', grant: { ...LAWFUL, nexus: 'relation' }, subjects: [0, 1, 2] }],
      (_, position) => (sources[position] === 'population' ? one : other),
    );
    expect(made.map(({ nexus, subjects }) => [nexus?.source, subjects])).to.deep.equal([
      ['population', [0, 2]],
      ['civil-acts', [1]],
    ]);
  });

  it('name for each person every category, ground and consent that was recorded, and nothing else', () => {
    const recorded = fc.record({
      category: fc.constantFrom('a', 'b'),
      access: fc.constantFrom('read' as const, 'disclose' as const, 'asked' as const),
      grant: fc.oneof(
        fc.constantFrom(LAWFUL, { ...LAWFUL, nexus: 'self' as const }, { ...LAWFUL, policies: ['p', 'q'] }),
        fc.integer({ min: 0, max: 2 }).map((consent) => ({ ...CONSENTED, claim: claim(consent) })),
      ),
      subjects: fc.uniqueArray(fc.integer({ min: 0, max: 4 }), { minLength: 1 }),
    });
    const statements = (one: RecordedDisclosure): readonly string[] =>
      one.subjects.map((position) =>
        JSON.stringify([
          one.category,
          one.grant.basis,
          one.grant.nexus ?? null,
          one.grant.policies,
          one.grant.claim?.consentId ?? null,
          position,
        ]),
      );
    fc.assert(
      fc.property(fc.array(recorded, { maxLength: 12 }), (all) => {
        const made = entryDisclosures(all, nexusOf);
        const told = made.flatMap(({ category, basis, nexus, policies, consents, subjects }) =>
          subjects.map((position, index) =>
            JSON.stringify([
              category,
              basis,
              nexus?.kind ?? null,
              policies,
              consents[index]?.replace('@1', '') ?? null,
              position,
            ]),
          ),
        );
        expect([...new Set(told)].sort()).to.deep.equal([...new Set(all.flatMap(statements))].sort());
        const shown = (access: string): readonly string[] =>
          made.flatMap((one) =>
            one.access === access ? one.subjects.map((position) => `${one.category} ${position}`) : [],
          );
        const given = all.flatMap((one) =>
          one.access === 'disclose' ? one.subjects.map((position) => `${one.category} ${position}`) : [],
        );
        expect(new Set(shown('disclose'))).to.deep.equal(new Set(given));
      }),
      { numRuns: 500 },
    );
  });
});
