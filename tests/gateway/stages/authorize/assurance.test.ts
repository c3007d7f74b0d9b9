import { expect } from 'chai';
import { assertAssurance, type AssuranceDependencies } from '../../../../gateway/stages/authorize/assurance.js';
import { Refusal } from '../../../../schemas/refusal.js';
import { ASSURANCES, type Assurance, type Caller } from '../../../../schemas/vocabulary.js';
import { APPLICANT, authenticated } from '../requests.js';

const AGENCY = { id: 'housing', bin: '900140000007' };
const CALLERS: Readonly<Record<Caller['kind'], Omit<Caller, 'assurance'>>> = {
  system: { system: 'housing', kind: 'system', agency: AGENCY },
  ai: { system: 'housing-ai', kind: 'ai', agency: AGENCY },
  officer: { system: 'housing-desk', kind: 'officer', agency: AGENCY, officer: 'o-1' },
  citizen: { system: 'portal', kind: 'citizen', person: APPLICANT },
};
const LEAST: ReadonlyMap<string, Assurance> = new Map([
  ['open', 'none'],
  ['weak', 'low'],
  ['usual', 'substantial'],
  ['strict', 'high'],
]);
const dependencies: AssuranceDependencies = {
  leastAssurance: (purpose) => LEAST.get(purpose) ?? 'high',
  acrValuesFor: (least, issuer) => [`${issuer}/${least}`],
};

/** The purposes for which a caller of this kind may act after an authentication with this assurance. */
const passes = (kind: Caller['kind'], assurance: Assurance): readonly string[] =>
  [...LEAST.keys()].filter((purpose) => {
    try {
      assertAssurance(authenticated({ caller: { ...CALLERS[kind], assurance } }), purpose, ['c'], dependencies);
      return true;
    } catch (error) {
      expect(error).to.deep.include({
        code: 'ASSURANCE_TOO_LOW',
        reasons: [`assurance_${LEAST.get(purpose)}`],
        categories: ['c'],
        acrValues: [`https://issuer.test/${LEAST.get(purpose)}`],
      });
      return false;
    }
  });

describe('least assurance of a purpose', () => {
  for (const kind of ['citizen', 'officer'] as const) {
    it(`is demanded of a ${kind}`, () => {
      expect(ASSURANCES.map((assurance) => passes(kind, assurance))).to.deep.equal([
        ['open'],
        ['open', 'weak'],
        ['open', 'weak', 'usual'],
        ['open', 'weak', 'usual', 'strict'],
      ]);
    });
  }

  for (const kind of ['system', 'ai'] as const) {
    it(`is not demanded of a client that acts for itself: ${kind}`, () => {
      expect(passes(kind, 'none')).to.deep.equal([...LEAST.keys()]);
    });
  }

  it('is a refusal with 401, which the caller can mend', () => {
    expect(new Refusal('ASSURANCE_TOO_LOW')).to.deep.include({ status: 401, actor: 'caller' });
  });
});
