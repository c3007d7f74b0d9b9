import { expect } from 'chai';
import { joinOutcomes, type Outcome } from '../../../policies/gate/subject-outcomes.js';
import type { Access } from '../../../schemas/vocabulary.js';

const law: Outcome = { grant: { basis: 'public_task', nexus: 'list', policies: ['law'] } };
const agreed: Outcome = { grant: { basis: 'consent', policies: ['consent'], claim: { consentId: 'c', revision: 1 } } };
const denied: Outcome = { withheld: { code: 'POLICY_DENIED' } };
const needed: Outcome = { withheld: { code: 'CONSENT_REQUIRED', consentRequest: 'x' } };
const join = (read: Outcome, disclose: Outcome, order: readonly Access[]) =>
  joinOutcomes(
    order.map((access) => ({ asked: { category: 'c', access }, outcome: access === 'read' ? read : disclose })),
  );

describe('subject-outcomes', () => {
  for (const order of [
    ['read', 'disclose'],
    ['disclose', 'read'],
  ] as const) {
    describe(`with ${order[0]} asked first`, () => {
      it('grants on the ground of the disclosure', () => {
        expect(join(law, agreed, order).granted.get('c')).to.deep.equal({
          basis: 'consent',
          policies: ['consent'],
          claim: { consentId: 'c', revision: 1 },
        });
      });

      it('withholds when either is withheld', () => {
        for (const [read, disclose] of [
          [law, denied],
          [denied, law],
        ] as const) {
          const answer = join(read, disclose, order);
          expect(answer.granted.size).to.equal(0);
          expect(answer.withheld.get('c')?.code).to.equal('POLICY_DENIED');
        }
      });

      it('tells the reason that no consent can lift', () => {
        expect(join(needed, denied, order).withheld.get('c')?.code).to.equal('POLICY_DENIED');
        expect(join(denied, needed, order).withheld.get('c')?.code).to.equal('POLICY_DENIED');
      });
    });
  }
});
