import { expect } from 'chai';
import { BeyondRate } from '../../../gateway/admission/beyond-rate.js';
import { NO_ADMISSION } from '../../../gateway/admission/admission.js';
import type { Reached } from '../../../gateway/request.js';
import { ProofEnd, ProofReplayed, RequestProof } from '../../../gateway/request-proof.js';
import { intendQuestion } from '../../../gateway/stages/intend.js';
import { refuse, type RefuseDependencies } from '../../../gateway/stages/refuse.js';
import type { CountedRefusal } from '../../../monitoring/audit/open-audit.js';
import type { ProofUse } from '../../../schemas/ports/proof-use.js';
import { Refusal } from '../../../schemas/refusal.js';
import { SEALS_NOTHING } from '../../../monitoring/identity/identity-sealing.js';
import { seededRandom, silentObserver, standingClock } from '../../doubles.js';
import { rejection } from '../../rejection.js';
import { authenticated, FakeLog, intended, planned } from './requests.js';

const USE: ProofUse = { hash: 'a'.repeat(64), usableFrom: new Date(0), endsAt: new Date(1) };

describe('the first use of a proof', () => {
  let audit: FakeLog;
  let counted: CountedRefusal[];
  let charged: number;
  let alone: string[];
  let slowed: number;
  let needs: RefuseDependencies;
  let proof: RequestProof;

  beforeEach(() => {
    audit = new FakeLog();
    counted = [];
    charged = 0;
    alone = [];
    slowed = 0;
    proof = RequestProof.unspent(USE);
    needs = {
      audit,
      clock: standingClock(),
      random: seededRandom(),
      pseudonyms: { indexToken: (identifier) => `t-${identifier}` },
      identities: SEALS_NOTHING,
      policySet: 'set',
      catalogue: 'cat',
      configuration: 'conf',
      observer: silentObserver(),
      countRefusal: (refusal) => void counted.push(refusal),
      admission: { ...NO_ADMISSION, chargeRefusal: () => void (charged += 1) },
      handles: { people: async () => [] },
      contractVersion: () => '1.0.0',
      replay: {
        use: async ({ hash }) => {
          if (audit.used.has(hash)) return 'again';
          audit.used.add(hash);
          alone.push(hash);
          return 'first';
        },
      },
    };
  });

  const connection = () => ({ ...authenticated().connection, slowDown: () => void (slowed += 1) });
  const reachedBy: Readonly<Record<string, () => Reached>> = {
    authenticated: () => ({ ...authenticated({ connection: connection() }), proof }),
    planned: () => ({ ...planned({ connection: connection() }), proof }),
  };

  for (const [stage, reached] of Object.entries(reachedBy))
    describe(`of a request that was ${stage}`, () => {
      it('is committed with the entry of its refusal', async () => {
        const recorded = await refuse(reached(), new Refusal('POLICY_DENIED'), needs);
        expect(recorded).to.include({ proofEnd: ProofEnd.spent });
        expect(recorded.refusal?.code).to.equal('POLICY_DENIED');
        expect([...audit.used]).to.deep.equal([USE.hash]);
        expect(alone).to.deep.equal([]);
      });

      for (const code of [
        'POLICY_DENIED',
        'BAD_USER_INPUT',
        'CASE_NOT_OPEN',
        'PROTECTION_UNAVAILABLE',
        'CLIENT_GONE',
      ] as const)
        it(`that comes late tells nothing of ${code}, makes no entry and charges no one`, async () => {
          audit.used.add(USE.hash);
          const recorded = await refuse(reached(), new Refusal(code, { reasons: ['nexus'] }), needs);
          expect(recorded).to.include({ isUnknown: true, receipt: undefined, proofEnd: ProofEnd.none });
          expect(recorded.refusal).to.include({ code: 'INVALID_DPOP_PROOF' });
          expect(recorded.refusal?.reasons).to.deep.equal(['proof_replayed']);
          expect(JSON.stringify(recorded.result)).not.to.match(/nexus|POLICY|CASE/);
          expect(audit.entries).to.deep.equal([]);
          expect(counted).to.deep.equal([{ code: 'INVALID_DPOP_PROOF', source: '127.0.0.1' }]);
          expect({ charged, slowed }).to.deep.equal({ charged: 0, slowed: 1 });
        });

      it('is committed alone before a caller is told that it is beyond its rate', async () => {
        const beyond = new BeyondRate(authenticated().caller, 500);
        const recorded = await refuse(reached(), beyond, needs);
        expect(recorded.refusal?.code).to.equal('RATE_LIMITED');
        expect(alone).to.deep.equal([USE.hash]);
        proof = RequestProof.unspent(USE);
        expect((await refuse(reached(), beyond, needs)).refusal?.code).to.equal('INVALID_DPOP_PROOF');
      });

      for (const failure of ['not_written', 'reply_lost'] as const)
        it(`tells nothing when the log cannot be written (${failure})`, async () => {
          audit.failNext = failure;
          const recorded = await refuse(reached(), new Refusal('POLICY_DENIED'), needs);
          expect(recorded.refusal?.code).to.equal('AUDIT_UNAVAILABLE');
          expect(recorded.proofEnd).to.equal(ProofEnd.notWritten);
        });
    });

  it('is committed with the intent, and the completion has no use', async () => {
    const request = await intendQuestion({ ...intended(), proof }, needs);
    expect(request.proofEnd).to.equal(ProofEnd.spent);
    expect([...audit.used]).to.deep.equal([USE.hash]);
    const recorded = await refuse(request, new Refusal('INTERNAL_SERVER_ERROR'), needs);
    expect(recorded.refusal?.code).to.equal('INTERNAL_SERVER_ERROR');
    expect(audit.entries.map(({ body }) => body.kind)).to.deep.equal(['intent', 'completion']);
  });

  it('that comes late makes no intent, and the request is told so', async () => {
    audit.used.add(USE.hash);
    const authorized = intended(planned().access);
    const refusal = await rejection(intendQuestion({ ...authorized, proof }, needs));
    expect(refusal).to.be.instanceOf(ProofReplayed);
    const recorded = await refuse({ ...authorized, proof }, refusal as ProofReplayed, needs);
    expect(recorded).to.include({ isUnknown: true });
    expect(audit.entries).to.deep.equal([]);
  });
});
