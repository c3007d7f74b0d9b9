import { expect } from 'chai';
import { approvedDocuments } from '../../../gateway/approvals/approved-documents.js';
import { createPostgresApprovals } from '../../../gateway/approvals/postgres-approvals.js';
import { migrationFolders } from '../../../gateway/compose/migration-folders.js';
import type { Recorded } from '../../../gateway/request.js';
import { executeConsent } from '../../../gateway/stages/execute/consents.js';
import { executeHandle } from '../../../gateway/stages/execute/handles.js';
import type { ConsentTerms, ConsentWork } from '../../../gateway/stages/plan/consents.js';
import { recordConsent, recordHandle } from '../../../gateway/stages/record/acts.js';
import { createSql, type SqlPool } from '../../../gateway/state/pool.js';
import { createRestrictionCounter, readRestrictions } from '../../../gateway/state/restrictions.js';
import { SEALS_NOTHING } from '../../../monitoring/identity/identity-sealing.js';
import type { PostgresLog } from '../../../monitoring/audit/append/postgres-log.js';
import { createConsentGuard } from '../../../policies/consent/guard.js';
import type { ConsentRecord } from '../../../policies/consent/port.js';
import { suspendConsents } from '../../../policies/consent/restrict.js';
import { createConsentStore } from '../../../policies/consent/store.js';
import { createHandles } from '../../../policies/disclosure/handles.js';
import { createPseudonyms } from '../../../policies/disclosure/pseudonyms.js';
import type { Fence } from '../../../schemas/ports/restrictions.js';
import { Refusal } from '../../../schemas/refusal.js';
import type { Caller } from '../../../schemas/vocabulary.js';
import { seededRandom, silentObserver, standingClock } from '../../doubles.js';
import { openLog } from '../../monitoring/audit/harness.js';
import { rejection } from '../../rejection.js';
import { EVERY_TEXT, WIDE_BOUNDS } from '../../policies/consent/in-transactions.js';
import { openCommitProxy, type CommitProxy } from '../state/commit-proxy.js';
import { openTestDatabase, type TestDatabase } from '../state/test-database.js';
import { APPLICANT, CASE_FACTS, intended } from './requests.js';

const SECRET = Buffer.alloc(32, 1);
const CITIZEN = { system: 'portal', kind: 'citizen', assurance: 'high', person: APPLICANT } as const;
const TERMS: ConsentTerms = {
  ...{ agency: 'housing', purpose: 'housing_queue', caseNumber: undefined, askedOf: undefined },
  ...{ categories: ['property.land'], validUntil: '2027-01-01T00:00:00.000Z' },
};
const REACH = {
  ...{ name: 'HousingQueue', document: `sha256:${'ab'.repeat(32)}`, owner: 'housing' },
  ...{ allowed: [], purposes: [], registers: [], categories: [], subjects: [] },
};

/** A fence that can be told that no place can be written, and remembers what it was asked. */
class ToldFence implements Fence {
  isReachable = true;
  readonly asked: number[] = [];

  canFence(): boolean {
    return this.isReachable;
  }

  async fence(number: number): Promise<{ readonly fenced: boolean }> {
    this.asked.push(number);
    return { fenced: this.isReachable };
  }
}

describe('an act and its entry', function () {
  this.timeout(60_000);
  const clock = standingClock();
  const random = seededRandom();
  const restrictions = createRestrictionCounter(clock);
  const pseudonyms = createPseudonyms(SECRET);
  let database: TestDatabase;
  let proxy: CommitProxy;
  let sql: SqlPool;
  let log: PostgresLog;
  let fence: ToldFence;

  before(async () => {
    database = await openTestDatabase({ migrations: migrationFolders() });
    proxy = await openCommitProxy(database.settings.runtime);
    sql = createSql({ connection: proxy.settings });
    log = await openLog(sql, 'replica-1', { guard: createConsentGuard(clock) });
  });
  after(async () => {
    await log.close();
    await sql.close();
    await proxy.close();
    await database.close();
  });
  beforeEach(() => void (fence = new ToldFence()));

  const needs = () => ({
    ...{ audit: log, clock, random, pseudonyms, fence, policySet: 'set', catalogue: 'cat', configuration: 'conf' },
    identities: SEALS_NOTHING,
    leastAssurance: () => 'substantial' as const,
    acrValuesFor: () => [],
    consents: createConsentStore({ sql, pseudonyms, clock, restrictions, bounds: WIDE_BOUNDS, texts: EVERY_TEXT }),
    handles: createHandles({ sql, secret: SECRET, clock, random, minutesToLive: 15 }),
  });
  let asked = 0;
  const requestId = (): string => `00000000-0000-4000-8000-${String((asked += 1)).padStart(12, '0')}`;

  const act = async (work: ConsentWork, id = requestId(), caller: Caller = CITIZEN): Promise<Recorded> => {
    const request = { ...intended(), requestId: id, caller, work, allowed: { person: APPLICANT } };
    return recordConsent(await executeConsent(request, needs()), needs());
  };
  const issue = async (id = requestId()): Promise<Recorded> => {
    const work = { subject: APPLICANT, receiver: 'appeals-ai' };
    const allowed = { policies: ['p'], policySet: 'set', nexus: 'application' as const };
    const request = { ...intended(), requestId: id, work, allowed };
    request.access.recordNexus(CASE_FACTS);
    return recordHandle(await executeHandle(request, needs()), needs());
  };
  const approvals = () => createPostgresApprovals({ sql, clock, restrictions });
  const load = async (name: string): Promise<unknown> => {
    const documents = { all: [], find: () => undefined };
    const dependencies = { approvals: approvals(), audit: log, clock, random, observer: silentObserver() };
    return approvedDocuments(documents, [{ ...REACH, name }], dependencies);
  };
  const consentOf = ({ result }: Recorded): ConsentRecord =>
    (result.data as { readonly consents: readonly [ConsentRecord] }).consents[0];
  const give = async (changes: Partial<ConsentTerms> = {}): Promise<ConsentRecord> =>
    consentOf(await act({ act: 'give', terms: { ...TERMS, ...changes } }));

  /** Everything that an act can change, and the acts that are in the log. */
  const state = async (): Promise<unknown> => {
    const { rows } = await database.ownerSql.query<{ readonly state: unknown }>(
      `SELECT jsonb_build_object(
         'consents', (SELECT jsonb_agg(jsonb_build_array(consent_id, revision, status, valid_until) ORDER BY consent_id) FROM consent_record),
         'revisions', (SELECT count(*) FROM consent_revision),
         'handles', (SELECT count(*) FROM person_handle),
         'approvals', (SELECT count(*) FROM document_approval),
         'restrictions', (SELECT count(*) FROM restriction), 'counter', (SELECT number FROM restriction_counter),
         'acts', (SELECT jsonb_agg(outcome ORDER BY index) FROM audit_entry WHERE kind = 'act')) AS state`,
    );
    return rows[0]?.state;
  };
  const acts = async (): Promise<readonly string[]> => ((await state()) as { acts: string[] | null }).acts ?? [];

  interface Tried {
    readonly entry: string;
    /** Makes what the act needs, and returns the act. */
    readonly prepare: () => Promise<() => Promise<unknown>>;
  }

  let named = 0;
  const unique = (): readonly string[] => [`category.${String((named += 1))}`];
  const ACTS: Readonly<Record<string, Tried>> = {
    'a consent given': {
      entry: 'consent_given',
      prepare: async () => {
        const terms = { ...TERMS, categories: unique() };
        return () => act({ act: 'give', terms });
      },
    },
    'a consent given again with an earlier end': {
      entry: 'consent_given',
      prepare: async () => {
        const categories = unique();
        await give({ categories });
        const terms = { ...TERMS, categories, validUntil: '2026-12-01T00:00:00.000Z' };
        return () => act({ act: 'give', terms });
      },
    },
    'a consent withdrawn': {
      entry: 'consent_withdrawn',
      prepare: async () => {
        const { id: consentId } = await give({ categories: unique() });
        return () => act({ act: 'withdraw', consentId });
      },
    },
    'a consent confirmed': {
      entry: 'consent_confirmed',
      prepare: async () => {
        const { id: consentId } = await give({ categories: unique() });
        await suspendConsents(database.ownerSql, { requestId: 'r', at: clock.now() });
        return () => act({ act: 'confirm', consentId });
      },
    },
    'a handle issued': { entry: 'handle_issued', prepare: async () => () => issue() },
    'a document loaded for the first time': {
      entry: 'operation_loaded',
      prepare: async () => {
        const [name = ''] = unique();
        return () => load(name);
      },
    },
  };

  for (const [name, { entry, prepare }] of Object.entries(ACTS)) {
    it(`are both not there when the connection is cut before the commit: ${name}`, async () => {
      const tried = await prepare();
      const before = await state();
      proxy.cutAtNextCommit('before');
      await rejection(tried());
      expect(await state()).to.deep.equal(before);
    });

    it(`are both there when it is cut after the commit, and the caller is told that this is not known: ${name}`, async () => {
      const tried = await prepare();
      const before = await state();
      const actsBefore = await acts();
      proxy.cutAtNextCommit('after');
      const refused = await rejection(tried());
      if (refused instanceof Refusal)
        expect([refused.code, refused.status, refused.reasons]).to.deep.equal([
          'AUDIT_UNAVAILABLE',
          503,
          ['outcome_unknown'],
        ]);
      else expect(refused).to.have.property('outcome', 'unknown');
      const withoutActs = (changed: unknown): object => ({ ...(changed as object), acts: undefined });
      expect(withoutActs(await state())).to.not.deep.equal(withoutActs(before));
      expect(await acts()).to.deep.equal([...actsBefore, entry]);
    });

    it(`go on after both: ${name}`, async () => {
      const tried = await prepare();
      for (const when of ['before', 'after'] as const) {
        proxy.cutAtNextCommit(when);
        await rejection(tried());
      }
      await tried();
      await issue();
      expect(log.lastSeen().ok).to.equal(true);
    });
  }

  it('of a withdrawal that is repeated after a lost reply is one withdrawal', async () => {
    const { id: consentId } = await give({ categories: unique() });
    proxy.cutAtNextCommit('after');
    await rejection(act({ act: 'withdraw', consentId }));
    const repeated = await act({ act: 'withdraw', consentId });
    expect(consentOf(repeated)).to.deep.include({ status: 'withdrawn', revision: 2 });
    const [only, ...others] = (await readRestrictions(sql, 0)).filter(({ id }) => id === consentId);
    expect(others).to.deep.equal([]);
    expect(fence.asked).to.deep.equal([only?.number]);
    expect(repeated.fenced).to.equal(true);
  });

  describe('while no place outside the database can be written', () => {
    beforeEach(() => void (fence.isReachable = false));

    it('are taken for a withdrawal, which says that it is not fenced', async () => {
      fence.isReachable = true;
      const { id: consentId } = await give({ categories: unique() });
      fence.isReachable = false;
      const withdrawn = await act({ act: 'withdraw', consentId });
      expect([consentOf(withdrawn).status, withdrawn.fenced]).to.deep.equal(['withdrawn', false]);
    });

    it('are refused for what gives more, and nothing is changed', async () => {
      const before = await state();
      for (const gives of [
        () => act({ act: 'give', terms: TERMS }),
        () => act({ act: 'confirm', consentId: '11111111-1111-4111-8111-111111111111' }),
        () => issue(),
      ]) {
        const refused = await rejection(gives());
        expect(refused).to.be.instanceOf(Refusal);
        expect([(refused as Refusal).code, (refused as Refusal).status]).to.deep.equal(['FENCE_UNAVAILABLE', 503]);
      }
      expect(await state()).to.deep.equal(before);
    });
  });

  describe('after a weaker authentication than the purpose of the consent demands', () => {
    const weak: Caller = { ...CITIZEN, assurance: 'low' };

    it('are taken for a withdrawal', async () => {
      const { id: consentId } = await give({ categories: unique() });
      expect(consentOf(await act({ act: 'withdraw', consentId }, requestId(), weak)).status).to.equal('withdrawn');
    });

    it('are refused for a confirmation, and nothing is changed', async () => {
      const categories = unique();
      const { id: consentId } = await give({ categories });
      await suspendConsents(database.ownerSql, { requestId: 'r', at: clock.now() });
      const before = await state();
      const refused = await rejection(act({ act: 'confirm', consentId }, requestId(), weak));
      expect(refused).to.deep.include({
        code: 'ASSURANCE_TOO_LOW',
        reasons: ['assurance_substantial'],
        categories,
      });
      expect(await state()).to.deep.equal(before);
      expect(log.lastSeen().ok).to.equal(true);
      expect(consentOf(await act({ act: 'confirm', consentId })).status).to.equal('given');
    });

    it('do not say whether there is a consent with this id', async () => {
      const consentId = '11111111-1111-4111-8111-111111111111';
      expect(await rejection(act({ act: 'confirm', consentId }, requestId(), weak))).to.include({
        code: 'CONSENT_NOT_FOUND',
      });
    });
  });

  it('keep the acr of the token as evidence of a consent, and say so where it states none', async () => {
    const evidenceOf = async (acr: string | undefined): Promise<unknown> => {
      const request = intended();
      const work: ConsentWork = { act: 'give', terms: { ...TERMS, categories: unique() } };
      const stated = { ...request, token: { ...request.token, acr }, requestId: requestId(), caller: CITIZEN, work };
      const executed = await executeConsent({ ...stated, allowed: { person: APPLICANT } }, needs());
      const { id } = consentOf(await recordConsent(executed, needs()));
      const { rows } = await database.ownerSql.query<{ readonly evidence_assurance: string }>(
        'SELECT evidence_assurance FROM consent_revision WHERE consent_id = $1',
        [id],
      );
      return rows.map(({ evidence_assurance: kept }) => kept);
    };
    expect(await evidenceOf('urn:tereze:demo:signature')).to.deep.equal(['urn:tereze:demo:signature']);
    expect(await evidenceOf(undefined)).to.deep.equal(['urn:tereze:assurance:none']);
  });

  it('says nothing of a fence where nothing was taken away', async () => {
    expect(await act({ act: 'give', terms: { ...TERMS, categories: unique() } })).to.not.have.property('fenced');
    expect(fence.asked).to.deep.equal([]);
  });
});
