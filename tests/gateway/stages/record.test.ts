import { expect } from 'chai';
import canonicalize from 'canonicalize';
import { createHash } from 'node:crypto';
import { recordQuestion } from '../../../gateway/stages/record/graphql.js';
import { ClaimsStale } from '../../../monitoring/audit/port.js';
import type { CompletionBody } from '../../../monitoring/audit/entries.js';
import { Refusal } from '../../../schemas/refusal.js';
import { SEALS_NOTHING } from '../../../monitoring/identity/identity-sealing.js';
import { seededRandom, standingClock } from '../../doubles.js';
import { APPLICANT, CLAIM, executed, FakeLog, intendedRecord, outcome } from './requests.js';

const recordWith = (audit: FakeLog) => (request: ReturnType<typeof executed>) =>
  recordQuestion(request, {
    audit,
    clock: standingClock(),
    random: seededRandom(),
    pseudonyms: { indexToken: (subject) => `token-of-${subject.length}` },
    identities: SEALS_NOTHING,
    policySet: 'set',
    catalogue: 'cat',
    configuration: 'conf',
    contractVersion: () => '1.0.0',
  });

const bodyOf = (audit: FakeLog, index = 0): CompletionBody => audit.entries[index]?.body as CompletionBody;

describe('record', () => {
  it('commits to the answer exactly as it is sent, under the salt of the receipt', async () => {
    const audit = new FakeLog();
    const { receipt, result } = await recordWith(audit)(executed());
    const serialize = canonicalize as unknown as (value: unknown) => string;
    const recomputed = createHash('sha256')
      .update(Buffer.from(receipt?.salt ?? '', 'hex'))
      .update(serialize(JSON.parse(JSON.stringify(result))))
      .digest('hex');
    expect(bodyOf(audit).answer).to.equal(recomputed);
  });

  it('repeats in the receipt that only one server has the entry', async () => {
    const audit = new FakeLog();
    expect((await recordWith(audit)(executed())).receipt).to.not.have.property('durability');
    const append = audit.append.bind(audit);
    audit.append = async (draft, options) => ({ ...(await append(draft, options)), durability: 'single_node' });
    expect((await recordWith(audit)(executed())).receipt).to.have.property('durability', 'single_node');
  });

  it('repeats in the receipt that no one outside proves the log', async () => {
    const audit = new FakeLog();
    expect((await recordWith(audit)(executed())).receipt).to.not.have.property('anchor');
    const append = audit.append.bind(audit);
    audit.append = async (draft, options) => ({ ...(await append(draft, options)), anchor: 'none' });
    expect((await recordWith(audit)(executed())).receipt).to.have.property('anchor', 'none');
  });

  it('tells the caller until when a deprecated field is answered, beside what is committed to', async () => {
    const deprecations = [{ field: 'Citizen.name', sunset: '2027-06-30', reason: 'Use fullName. Sunset 2027-06-30.' }];
    const request = executed();
    const asked = { ...request, work: { ...request.work, planned: { ...request.work.planned, deprecations } } };
    const { report, result } = await recordWith(new FakeLog())(asked);
    expect(report?.deprecations).to.deep.equal(deprecations);
    expect(JSON.stringify(result)).not.to.contain('fullName');
    expect((await recordWith(new FakeLog())(request)).report).not.to.have.property('deprecations');
  });

  it('leaves `errors` out of the commitment where there are none', async () => {
    const { result } = await recordWith(new FakeLog())(executed());
    expect(Object.keys(result)).to.deep.equal(['data']);
  });

  it('says what was disclosed, withheld and asked, and never a number', async () => {
    const audit = new FakeLog();
    await recordWith(audit)(executed());
    const body = bodyOf(audit);
    expect(body.outcome).to.equal('answered');
    expect(body.disclosed).to.deep.equal([
      {
        category: 'population.identity',
        access: 'disclose',
        basis: 'consent',
        nexus: null,
        policies: ['p'],
        consents: [`${CLAIM.consentId}@2`],
        subjects: [0],
      },
    ]);
    expect(body.withheld).to.deep.equal([{ category: 'property.land', code: 'CONSENT_REQUIRED', count: 2 }]);
    expect(body.registers).to.deep.equal([
      {
        register: 'population',
        calls: 1,
        callIds: ['00000000-0000-4000-8000-000000000001-1'],
        requestOutTs: Date.parse('2026-11-23T10:00:00.000Z'),
        responseInTs: Date.parse('2026-11-23T10:00:00.000Z'),
        records: 1,
        outcome: 'answered',
        failure: null,
        durationMs: 4,
        beyondGrant: ['population.contacts'],
        contract: '1.0.0',
        verdicts: { flagged: 1 },
      },
    ]);
    expect(JSON.stringify(audit.entries[0])).to.not.include(APPLICANT);
  });

  it('says in the provenance what the mapping of a register converted', async () => {
    const audit = new FakeLog();
    const access = intendedRecord();
    const read = { failure: null, durationMs: 1, retrievedAt: '2026-11-23T10:00:00.000Z' };
    const converted = ['birthDate: date dd.MM.yyyy'];
    access.beginRead('population', 0, { all: [] }).end({ ...read, converted });
    access.beginRead('population', 0, { all: [] }).end({ ...read, converted });
    access.beginRead('tax', 0, { all: [] }).end(read);
    const { report } = await recordWith(audit)(executed({}, access));
    const told = (report?.provenance ?? []).map((one) => [
      (one as { register: string }).register,
      (one as { converted?: unknown }).converted,
    ]);
    expect(told).to.deep.include.members([
      ['population', converted],
      ['tax', undefined],
    ]);
  });

  it('says why a register failed', async () => {
    const audit = new FakeLog();
    const access = intendedRecord();
    access.beginRead('population', 0, { all: [] }).end({
      failure: 'DOWNSTREAM_SERVICE_ERROR',
      reason: 'tls_expired',
      durationMs: 1,
      retrievedAt: '2026-11-23T10:00:00.000Z',
    });
    await recordWith(audit)(executed({}, access));
    expect(bodyOf(audit).registers[0]).to.include({
      outcome: 'failed',
      failure: 'DOWNSTREAM_SERVICE_ERROR',
      reason: 'tls_expired',
    });
  });

  it('counts who is protected, and tells the caller of a call that was spared as of one that was made', async () => {
    const audit = new FakeLog();
    const access = intendedRecord();
    access.recordAbsent({ subject: { id: APPLICANT, role: 'self' } });
    access.recordSkippedCall('population', '2026-11-23T10:00:00.000Z');
    const recorded = await recordWith(audit)(executed({}, access));
    const body = bodyOf(audit);
    expect(body.protected).to.equal(1);
    expect(body.registers[0]?.calls).to.equal(0);
    expect(recorded.report?.provenance).to.have.nested.property('[0].calls', 1);
    expect(JSON.stringify([recorded.result, recorded.report])).to.not.match(/protect|spared/);
  });

  it('hands the claims to the log, to be checked in the same transaction', async () => {
    const audit = new FakeLog();
    await recordWith(audit)(executed());
    expect(audit.claims).to.deep.equal([[CLAIM]]);
  });

  it('discloses nothing when a consent ended meanwhile, and records that', async () => {
    const audit = new FakeLog();
    audit.failNext = new ClaimsStale([CLAIM]);
    const recorded = await recordWith(audit)(executed());
    expect(recorded.refusal?.code).to.equal('CONSENT_WITHDRAWN');
    expect(recorded.result.data).to.equal(undefined);
    expect(JSON.stringify(recorded)).to.not.include('Ахметов');
    expect(bodyOf(audit)).to.include({ outcome: 'failed' });
    expect(bodyOf(audit).disclosed.map(({ access, subjects }) => [access, subjects])).to.deep.equal([['read', [0]]]);
    expect(bodyOf(audit).subjects).to.have.length(1);
    expect(audit.claims).to.deep.equal([undefined]);
  });

  for (const form of ['not_written', 'reply_lost'] as const) {
    it(`refuses with AUDIT_UNAVAILABLE when the entry was ${form}`, async () => {
      const audit = new FakeLog();
      audit.failNext = form;
      const failure = await recordWith(audit)(executed()).catch((error: unknown) => error);
      expect(failure).to.be.instanceOf(Refusal).with.property('code', 'AUDIT_UNAVAILABLE');
    });
  }

  it('reports the worst verdict of all records', async () => {
    const records = (['pass', 'rejected', 'flagged'] as const).map((verdict) => ({
      path: ['c'],
      register: 'population',
      type: 'Citizen',
      verdict,
      findings: [],
    }));
    const recorded = await recordWith(new FakeLog())(executed({ records }));
    expect(recorded.report?.quality).to.deep.include({ verdict: 'rejected' });
    const none = await recordWith(new FakeLog())(executed({ ...outcome(), records: [] }));
    expect(none.report?.quality).to.deep.include({ verdict: 'not_evaluated' });
  });
});
