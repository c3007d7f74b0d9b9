import { createHash } from 'node:crypto';
import { expect } from 'chai';
import {
  AuditUnavailable,
  ClaimsStale,
  type Appended,
  type AppendedChange,
  type AuditLog,
} from '../../monitoring/audit/port.js';
import type { SqlExecutor } from '../../schemas/ports/sql.js';
import type { ConsentClaim } from '../../schemas/vocabulary.js';
import { completionDraft, intentDraft } from '../monitoring/audit/drafts.js';
import { rejection } from '../rejection.js';

/** An implementation of the port, and what the suite must be able to see and do around it. */
export interface AuditLogUnderTest {
  readonly log: AuditLog;
  /** Everything stored, in order of index. */
  stored(): Promise<readonly { readonly index: number; readonly bytes: Buffer; readonly leafHash: string }[]>;
  /** Makes a change of the state. It can be seen by `changes` once it is committed. */
  change(tx: SqlExecutor, name: string): Promise<string>;
  changes(): Promise<readonly string[]>;
  /** From now on these claims are no longer current. */
  withdraw(claim: ConsentClaim): Promise<void>;
  /** The next write fails: it was not done, or it was done and the reply is lost. */
  failNextWrite(form: 'not_written' | 'reply_lost'): void;
  close(): Promise<void>;
}

/** What every `AuditLog` promises. `open` makes a fresh, empty one in which consent `c1` at revision 1 is current. */
export function describeAuditLog(name: string, open: () => Promise<AuditLogUnderTest>): void {
  describe(`${name} keeps the contract of AuditLog`, () => {
    let under: AuditLogUnderTest;
    const claim: ConsentClaim = { consentId: 'c1', revision: 1 };
    const append = (requestId: string): Promise<Appended> => under.log.append(intentDraft(requestId));

    beforeEach(async () => {
      under = await open();
    });
    afterEach(() => under.close());

    it('gives concurrent appends dense, distinct positions in the order in which they came', async () => {
      const appended = await Promise.all(Array.from({ length: 500 }, (_, number) => append(`r${number}`)));
      expect(appended.map(({ index }) => index)).to.deep.equal(Array.from({ length: 500 }, (_, number) => number));
      expect(new Set(appended.map(({ log }) => log)).size).to.equal(1);
    });

    it('stores exactly the bytes that it hashed', async () => {
      const appended = await append('r1');
      const [stored] = await under.stored();
      const recomputed = createHash('sha256')
        .update(Buffer.concat([Buffer.from([0]), stored?.bytes ?? Buffer.alloc(0)]))
        .digest('hex');
      expect(recomputed).to.equal(appended.leafHash);
      expect(stored?.leafHash).to.equal(appended.leafHash);
      expect(JSON.parse(stored?.bytes.toString('utf8') ?? '')).to.deep.equal(intentDraft('r1').body);
    });

    it('rejects an append that was not written, and goes on', async () => {
      await append('r1');
      under.failNextWrite('not_written');
      expect(await rejection(append('r2'))).to.be.instanceOf(AuditUnavailable);
      expect((await append('r3')).index).to.equal(1);
      expect(await under.stored()).to.have.length(2);
    });

    it('rejects an append whose reply was lost, keeps the entry, and goes on after it', async () => {
      await append('r1');
      under.failNextWrite('reply_lost');
      expect(await rejection(append('r2'))).to.be.instanceOf(AuditUnavailable);
      expect((await append('r3')).index).to.equal(2);
      expect(
        (await under.stored()).map(({ bytes }) => (JSON.parse(bytes.toString()) as { requestId: string }).requestId),
      ).to.deep.equal(['r1', 'r2', 'r3']);
    });

    it('is seen as failed after a failed append, and as working after the next', async () => {
      expect(under.log.lastSeen().ok).to.equal(true);
      under.failNextWrite('not_written');
      await rejection(append('r1'));
      expect(under.log.lastSeen().ok).to.equal(false);
      await append('r2');
      expect(under.log.lastSeen().ok).to.equal(true);
    });

    it('commits an entry whose claims are current', async () => {
      expect((await under.log.append(completionDraft('r1'), { claims: [claim] })).index).to.equal(0);
    });

    it('rejects an entry with a stale claim, naming it, and writes nothing of it', async () => {
      await under.withdraw(claim);
      const error = await rejection(under.log.append(completionDraft('r1'), { claims: [claim] }));
      expect(error).to.be.instanceOf(ClaimsStale);
      expect((error as ClaimsStale).claims).to.deep.equal([claim]);
      expect(await under.stored()).to.deep.equal([]);
      expect(under.log.lastSeen().ok).to.equal(true);
    });

    it('writes the others of a batch in which one has a stale claim, densely', async () => {
      await under.withdraw(claim);
      const [first, stale, last] = await Promise.allSettled([
        append('r1'),
        under.log.append(completionDraft('r2'), { claims: [claim] }),
        append('r3'),
      ]);
      expect([first.status, stale.status, last.status]).to.deep.equal(['fulfilled', 'rejected', 'fulfilled']);
      expect((await under.stored()).map(({ index }) => index)).to.deep.equal([0, 1]);
    });

    it('rejects what cannot be an entry without harming others', async () => {
      const tooLarge = under.log.append(intentDraft('r1', { policySet: 'x'.repeat(64 * 1024) }));
      expect(await rejection(tooLarge)).to.be.instanceOf(RangeError);
      expect((await append('r2')).index).to.equal(0);
    });

    describe('with a change of the state', () => {
      const appendChange = (requestId: string): Promise<AppendedChange<string>> =>
        under.log.appendChange({
          requestId,
          apply: (tx) => under.change(tx, `change of ${requestId}`),
          entry: (result) => intentDraft(requestId, { policySet: result }),
        });
      const storedRequests = async (): Promise<readonly string[]> =>
        (await under.stored()).map(({ bytes }) => (JSON.parse(bytes.toString()) as { requestId: string }).requestId);

      it('commits the change and the entry that states its result', async () => {
        const appended = await appendChange('r1');
        expect(appended).to.deep.include({ index: 0, result: 'change of r1' });
        const [stored] = await under.stored();
        expect(stored?.leafHash).to.equal(appended.leafHash);
        expect(JSON.parse(stored?.bytes.toString() ?? '')).to.have.property('policySet', 'change of r1');
        expect(await under.changes()).to.deep.equal(['change of r1']);
      });

      it('keeps the order of entries and changes', async () => {
        await Promise.all([
          append('r1'),
          appendChange('r2'),
          append('r3'),
          appendChange('r4'),
          appendChange('r5'),
          append('r6'),
        ]);
        expect(await storedRequests()).to.deep.equal(['r1', 'r2', 'r3', 'r4', 'r5', 'r6']);
        expect(await under.changes()).to.deep.equal(['change of r2', 'change of r4', 'change of r5']);
      });

      it('does neither when the write fails', async () => {
        under.failNextWrite('not_written');
        expect(await rejection(appendChange('r1'))).to.be.instanceOf(AuditUnavailable);
        expect([await storedRequests(), await under.changes()]).to.deep.equal([[], []]);
        expect((await appendChange('r2')).index).to.equal(0);
      });

      it('did both when the reply is lost, and says that it does not know', async () => {
        under.failNextWrite('reply_lost');
        const error = await rejection(appendChange('r1'));
        expect(error).to.be.instanceOf(AuditUnavailable).with.property('outcome', 'unknown');
        expect([await storedRequests(), await under.changes()]).to.deep.equal([['r1'], ['change of r1']]);
        expect((await appendChange('r2')).index).to.equal(1);
      });

      it('rejects with what the change throws, writes nothing of it, and goes on with the others', async () => {
        const refused = new Error('no such thing');
        const failing = under.log.appendChange({
          requestId: 'r1',
          apply: async (tx) => {
            await under.change(tx, 'change of r1');
            throw refused;
          },
          entry: () => intentDraft('r1'),
        });
        const others = [append('r2'), appendChange('r3')];
        expect(await rejection(failing)).to.equal(refused);
        expect((await Promise.all(others)).map(({ index }) => index)).to.deep.equal([0, 1]);
        expect([await storedRequests(), await under.changes()]).to.deep.equal([['r2', 'r3'], ['change of r3']]);
        expect(under.log.lastSeen().ok).to.equal(true);
      });

      it('changes nothing when the entry cannot be made or is no entry', async () => {
        for (const entry of [
          () => {
            throw new TypeError('no entry');
          },
          () => intentDraft('r1', { policySet: 'x'.repeat(64 * 1024) }),
        ]) {
          const apply = (tx: SqlExecutor): Promise<string> => under.change(tx, 'change of r1');
          expect(await rejection(under.log.appendChange({ requestId: 'r1', apply, entry }))).to.be.instanceOf(Error);
        }
        expect([await storedRequests(), await under.changes()]).to.deep.equal([[], []]);
      });
    });

    it('takes nothing after it was closed', async () => {
      await under.log.close();
      expect(await rejection(append('r1'))).to.be.instanceOf(AuditUnavailable);
      expect(under.log.lastSeen().ok).to.equal(false);
    });
  });
}
