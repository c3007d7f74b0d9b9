import { expect } from 'chai';
import { createPurposeRule, type Narrowing } from '../../../gateway/auth/purpose.js';
import { Refusal } from '../../../schemas/refusal.js';
import type { CallerKind } from '../../../schemas/vocabulary.js';

const CASE_1 = { agency: 'housing', number: 'HQ-2026-000101' };
const CASE_2 = { agency: 'housing', number: 'HQ-2026-000102' };
const QUEUE = { type: 'tereze_access', purpose: 'housing_queue' };
const STATISTICS = { type: 'tereze_access', purpose: 'statistics' };
const OWN = { type: 'tereze_access', purpose: 'own_data' };

describe('purpose', () => {
  const rule = createPurposeRule(
    (purpose) =>
      new Map([
        ['housing_queue', true],
        ['statistics', false],
      ]).get(purpose),
    () => undefined,
  );
  const settle = (details: unknown, headers: Partial<Narrowing> = {}, kind: CallerKind = 'system'): unknown => {
    try {
      return rule(kind, details, { purpose: undefined, case: undefined, ...headers });
    } catch (error) {
      if (error instanceof Refusal) return [error.code, ...error.reasons].join(' ');
      throw error;
    }
  };

  it('is the token’s one, with its case', () => {
    expect(settle([{ ...QUEUE, case: CASE_1 }])).to.deep.equal({ purpose: 'housing_queue', case: CASE_1 });
    expect(settle([STATISTICS])).to.deep.equal({ purpose: 'statistics', case: undefined });
    expect(settle([{ ...QUEUE, case: CASE_1 }, { ...QUEUE, case: CASE_1 }, { type: 'payment' }])).to.deep.equal({
      purpose: 'housing_queue',
      case: CASE_1,
    });
  });

  it('is required: a token without one is refused, and a header cannot make up for it', () => {
    for (const details of [undefined, [], [{ type: 'payment' }]]) {
      expect(settle(details)).to.equal('PURPOSE_REQUIRED purpose_missing');
      expect(settle(details, { purpose: 'housing_queue', case: CASE_1.number })).to.equal(
        'PURPOSE_REQUIRED purpose_missing',
      );
    }
  });

  it('is exactly one: headers choose among the token’s', () => {
    const both = [{ ...QUEUE, case: CASE_1 }, STATISTICS];
    expect(settle(both)).to.equal('PURPOSE_REQUIRED purpose_ambiguous');
    expect(settle(both, { purpose: 'statistics' })).to.deep.equal({ purpose: 'statistics', case: undefined });
    expect(settle(both, { purpose: 'housing_queue' })).to.deep.equal({ purpose: 'housing_queue', case: CASE_1 });
    expect(settle(both, { case: CASE_1.number })).to.deep.equal({ purpose: 'housing_queue', case: CASE_1 });
  });

  it('has exactly one case: headers choose among the token’s, by number or agency and number', () => {
    const two = [
      { ...QUEUE, case: CASE_1 },
      { ...QUEUE, case: CASE_2 },
    ];
    expect(settle(two)).to.equal('CASE_REQUIRED case_ambiguous');
    expect(settle(two, { case: CASE_2.number })).to.deep.equal({ purpose: 'housing_queue', case: CASE_2 });
    expect(settle(two, { case: `housing:${CASE_2.number}` })).to.deep.equal({ purpose: 'housing_queue', case: CASE_2 });
    expect(settle(two, { case: `social:${CASE_2.number}` })).to.equal('CASE_REQUIRED case_not_granted');
    const sameNumber = [
      { ...QUEUE, case: CASE_1 },
      { ...QUEUE, case: { ...CASE_1, agency: 'social' } },
    ];
    expect(settle(sameNumber, { case: CASE_1.number })).to.equal('CASE_REQUIRED case_ambiguous');
    expect(settle(sameNumber, { case: `social:${CASE_1.number}` })).to.deep.equal({
      purpose: 'housing_queue',
      case: { ...CASE_1, agency: 'social' },
    });
  });

  it('is never widened by a header', () => {
    expect(settle([{ ...QUEUE, case: CASE_1 }], { purpose: 'statistics' })).to.equal(
      'PURPOSE_REQUIRED purpose_not_granted',
    );
    expect(settle([{ ...QUEUE, case: CASE_1 }], { case: CASE_2.number })).to.equal('CASE_REQUIRED case_not_granted');
    expect(settle([STATISTICS], { case: CASE_1.number })).to.equal('CASE_REQUIRED case_not_granted');
    expect(settle([QUEUE], { case: CASE_1.number })).to.equal('CASE_REQUIRED case_not_granted');
    expect(settle([{ ...QUEUE, case: CASE_1 }], { purpose: '' })).to.equal('PURPOSE_REQUIRED purpose_not_granted');
  });

  it('needs a case where it says so', () => {
    expect(settle([QUEUE])).to.equal('CASE_REQUIRED case_missing');
  });

  it('must be one that there is', () => {
    expect(settle([{ ...QUEUE, purpose: 'world_peace' }])).to.equal('PURPOSE_REQUIRED purpose_unknown');
  });

  it('of a citizen is the citizen’s own data', () => {
    for (const details of [undefined, [], [OWN]])
      expect(settle(details, {}, 'citizen')).to.deep.equal({ purpose: 'own_data', case: undefined });
    expect(settle([OWN], { purpose: 'own_data' }, 'citizen')).to.deep.equal({ purpose: 'own_data', case: undefined });
    expect(settle([{ ...QUEUE, case: CASE_1 }], {}, 'citizen')).to.equal('PURPOSE_REQUIRED purpose_not_granted');
    expect(settle([OWN], { purpose: 'housing_queue' }, 'citizen')).to.equal('PURPOSE_REQUIRED purpose_not_granted');
    expect(settle([OWN], { case: CASE_1.number }, 'citizen')).to.equal('CASE_REQUIRED case_not_granted');
  });

  for (const kind of ['system', 'ai', 'officer'] as const) {
    it(`own_data is for the citizen alone, not for ${kind}`, () => {
      expect(settle([OWN], {}, kind)).to.equal('CITIZEN_REQUIRED');
    });
  }
});
