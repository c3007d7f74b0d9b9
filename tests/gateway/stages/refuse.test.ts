import { expect } from 'chai';
import { refuse, type RefuseDependencies } from '../../../gateway/stages/refuse.js';
import type { CountedRefusal } from '../../../monitoring/audit/open-audit.js';
import type { Reached } from '../../../gateway/request.js';
import { Refusal } from '../../../schemas/refusal.js';
import { seededRandom, silentObserver, standingClock } from '../../doubles.js';
import { APPLICANT, authenticated, FakeLog, intended, planned, received } from './requests.js';

function refuseWith(audit: FakeLog, counted: CountedRefusal[] = []) {
  const needs: RefuseDependencies = {
    audit,
    clock: standingClock(),
    random: seededRandom(),
    pseudonyms: { token: () => 't', pseudonym: () => 'P' },
    policySet: 'set',
    catalogue: 'cat',
    observer: silentObserver(),
    countRefusal: (refusal) => void counted.push(refusal),
  };
  return (reached: Reached, refusal: Refusal) => refuse(reached, refusal, needs);
}

describe('refuse', () => {
  it('counts a refusal before authentication and gives no receipt', async () => {
    const audit = new FakeLog();
    const counted: CountedRefusal[] = [];
    const recorded = await refuseWith(audit, counted)(received(), new Refusal('UNAUTHENTICATED'));
    expect(counted).to.deep.equal([{ code: 'UNAUTHENTICATED', source: '127.0.0.1' }]);
    expect(audit.entries).to.have.length(0);
    expect(recorded.receipt).to.equal(undefined);
  });

  it('counts a known caller beyond its rate with its name, and makes no entry', async () => {
    const audit = new FakeLog();
    const counted: CountedRefusal[] = [];
    const recorded = await refuseWith(audit, counted)(authenticated(), new Refusal('RATE_LIMITED'));
    expect(counted).to.deep.equal([
      { code: 'RATE_LIMITED', source: '127.0.0.1', agency: 'housing', system: 'housing' },
    ]);
    expect(audit.entries).to.have.length(0);
    expect(recorded.receipt).to.equal(undefined);
  });

  it('waits for no log where it counts', async () => {
    const audit = new FakeLog();
    audit.failNext = 'not_written';
    const recorded = await refuseWith(audit)(received(), new Refusal('UNAUTHENTICATED'));
    expect(recorded.refusal?.code).to.equal('UNAUTHENTICATED');
  });

  it('gives an authenticated caller an entry of its own, with a receipt', async () => {
    const audit = new FakeLog();
    const recorded = await refuseWith(audit)(authenticated(), new Refusal('BAD_USER_INPUT', { reasons: ['iin'] }));
    expect(audit.entries[0]?.body).to.deep.include({
      kind: 'refusal',
      code: 'BAD_USER_INPUT',
      reasons: ['iin'],
      purpose: 'housing_queue',
      operationName: null,
    });
    expect(recorded.receipt?.index).to.equal(0);
  });

  it('says which document, once planned', async () => {
    const audit = new FakeLog();
    await refuseWith(audit)(planned(), new Refusal('POLICY_DENIED'));
    expect(audit.entries[0]?.body).to.deep.include({ kind: 'refusal', documentName: 'HousingQueue' });
  });

  it('closes an intent that is in the log', async () => {
    const audit = new FakeLog();
    await refuseWith(audit)(intended(), new Refusal('INTERNAL_SERVER_ERROR'));
    expect(audit.entries[0]?.body).to.deep.include({ kind: 'completion', outcome: 'failed', disclosed: [] });
    expect(JSON.stringify(audit.entries[0])).to.not.include(APPLICANT);
  });

  it('writes nothing more when it is the log that failed', async () => {
    const audit = new FakeLog();
    const recorded = await refuseWith(audit)(intended(), new Refusal('AUDIT_UNAVAILABLE'));
    expect(audit.entries).to.have.length(0);
    expect(recorded.refusal?.status).to.equal(503);
  });

  for (const form of ['not_written', 'reply_lost'] as const) {
    it(`answers AUDIT_UNAVAILABLE, and nothing else, when the refusal was ${form}`, async () => {
      const audit = new FakeLog();
      audit.failNext = form;
      const recorded = await refuseWith(audit)(
        planned(),
        new Refusal('POLICY_DENIED', { paths: [['citizen', 'lands']] }),
      );
      expect(recorded.refusal?.code).to.equal('AUDIT_UNAVAILABLE');
      expect(JSON.stringify(recorded.result)).to.not.include('POLICY_DENIED').and.not.include('lands');
    });
  }
});
