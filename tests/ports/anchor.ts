import { expect } from 'chai';
import fc from 'fast-check';
import { AnchorFailure, type Anchor, type CheckpointToProve } from '../../monitoring/anchors/anchor.js';
import { rejection } from '../rejection.js';

/** What those outside do with a request. */
export type Outside =
  'honest' | 'down' | 'hanging' | 'redirecting' | 'endless' | 'garbled' | 'refusing' | 'losing_replies';

export interface AnchorUnderTest {
  readonly anchor: Anchor;
  readonly checkpoint: CheckpointToProve;
  /** Another checkpoint of the same log, which grew. */
  readonly later: CheckpointToProve;
  behave(outside: Outside): void;
  close(): Promise<void>;
}

const REASONS = {
  down: 'unreachable',
  hanging: 'timeout',
  redirecting: 'redirected',
  endless: 'too_large',
  garbled: 'malformed',
  refusing: 'refused',
} as const;

/** The contract of `Anchor` in monitoring/anchors/anchor.ts. */
export function anchorSuite(name: string, open: () => Promise<AnchorUnderTest>): void {
  describe(`${name} is an anchor, which`, () => {
    let under: AnchorUnderTest;
    before(async () => {
      under = await open();
    });
    afterEach(() => under.behave('honest'));
    after(() => under.close());

    it('proves a checkpoint, again and later ones too, each with a proof that it accepts for that one only', async () => {
      const { anchor, checkpoint, later } = under;
      const proofs = [await anchor.prove(checkpoint), await anchor.prove(checkpoint)];
      const ofLater = await anchor.prove(later);
      for (const proof of proofs) {
        expect(await anchor.check(checkpoint, proof))
          .to.have.property('provenAt')
          .that.is.an.instanceOf(Date);
        expect(await anchor.check(later, proof)).to.equal('other_checkpoint');
      }
      expect(await anchor.check(later, ofLater)).to.have.property('provenAt');
      const resigned = { ...checkpoint, note: checkpoint.note.replace(/\n$/, '\n— another.example AAAAAAAA\n') };
      expect(await anchor.check(resigned, proofs[0] ?? new Uint8Array())).to.be.a('string');
    });

    for (const [outside, reason] of Object.entries(REASONS))
      it(`has no proof when those outside are ${outside}: ${reason}`, async () => {
        under.behave(outside as Outside);
        const error = await rejection(under.anchor.prove(under.later));
        expect(error).to.be.instanceOf(AnchorFailure);
        expect(error).to.have.property('reason', reason);
        expect(error).to.have.property('isOfAll', ['down', 'hanging'].includes(outside));
        under.behave('honest');
        expect(await under.anchor.check(under.later, await under.anchor.prove(under.later))).to.have.property(
          'provenAt',
        );
      });

    it('may be asked again when the answer was lost', async () => {
      under.behave('losing_replies');
      expect(await rejection(under.anchor.prove(under.later))).to.be.instanceOf(AnchorFailure);
      under.behave('honest');
      expect(await under.anchor.check(under.later, await under.anchor.prove(under.later))).to.have.property('provenAt');
    });

    it('accepts no proof that was cut short, nor one that was changed to prove more, and never throws', async () => {
      const { anchor, checkpoint, later } = under;
      const proof = await anchor.prove(checkpoint);
      const proven = await anchor.check(checkpoint, proof);
      await fc.assert(
        fc.asyncProperty(
          fc.nat({ max: proof.length - 1 }),
          fc.oneof(fc.constant('cut'), fc.constant('more'), fc.integer({ min: 1, max: 255 })),
          async (at, change) => {
            const changed = changedAt(proof, at, change);
            expect(await anchor.check(later, changed)).to.be.a('string');
            const checked = await anchor.check(checkpoint, changed);
            // What no signature covers (a text of the status, the spelling of a length) may change and proves the same.
            if (typeof change === 'string' || typeof checked === 'string') expect(checked).to.be.a('string');
            else expect(checked).to.deep.equal(proven);
          },
        ),
        { seed: 20261130, numRuns: 300 },
      );
      for (const nothing of [new Uint8Array(), Buffer.from('no proof'), Buffer.alloc(50_000, 0x30)])
        expect(await anchor.check(checkpoint, nothing)).to.be.a('string');
    });
  });
}

function changedAt(proof: Uint8Array, at: number, change: string | number): Uint8Array {
  if (change === 'cut') return proof.subarray(0, at);
  if (change === 'more') return Buffer.concat([proof, proof.subarray(0, at + 1)]);
  const changed = Uint8Array.from(proof);
  changed[at] = (changed[at] ?? 0) ^ Number(change);
  return changed;
}
