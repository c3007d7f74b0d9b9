import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { BeyondRate } from '../../../gateway/admission/beyond-rate.js';
import { NO_ADMISSION } from '../../../gateway/admission/admission.js';
import { AnchorOverdue } from '../../../gateway/stages/authorize/anchored.js';
import { refuse, type RefuseDependencies } from '../../../gateway/stages/refuse.js';
import type { CountedRefusal } from '../../../monitoring/audit/open-audit.js';
import type { CompletionBody } from '../../../monitoring/audit/entries.js';
import { MAX_ENTRY_BYTES, prepareEntry } from '../../../monitoring/audit/append/prepared-entry.js';
import type { Reached } from '../../../gateway/request.js';
import type { SubjectRef } from '../../../schemas/ports/gate.js';
import { Refusal } from '../../../schemas/refusal.js';
import type { Caller } from '../../../schemas/vocabulary.js';
import { SEALS_NOTHING } from '../../../monitoring/identity/identity-sealing.js';
import { seededRandom, silentObserver, standingClock } from '../../doubles.js';
import {
  APPLICANT,
  CASE_FACTS,
  OTHER,
  SPOUSE,
  authenticated,
  FakeLog,
  intended,
  planned,
  received,
} from './requests.js';

const STOLEN = `ph_${'a'.repeat(43)}`;
const people: Readonly<Record<string, string>> = { [STOLEN]: OTHER };

const tokenOf = (identifier: string): string => createHash('sha256').update(identifier).digest('hex').slice(0, 32);

function refuseWith(
  audit: FakeLog,
  counted: CountedRefusal[] = [],
  handles?: RefuseDependencies['handles'],
  admission: RefuseDependencies['admission'] = NO_ADMISSION,
  alone: string[] = [],
) {
  const needs: RefuseDependencies = {
    audit,
    clock: standingClock(),
    random: seededRandom(),
    pseudonyms: { indexToken: tokenOf },
    identities: SEALS_NOTHING,
    policySet: 'set',
    catalogue: 'cat',
    configuration: 'conf',
    observer: silentObserver(),
    countRefusal: (refusal) => void counted.push(refusal),
    admission,
    handles: handles ?? { people: async (asked) => asked.flatMap((handle) => people[handle] ?? []) },
    contractVersion: () => '1.0.0',
    replay: { use: async ({ hash }) => (alone.push(hash), 'first') },
  };
  return (reached: Reached, refusal: Refusal) => refuse(reached, refusal, needs);
}

const beyondRate = new BeyondRate(authenticated().caller, 500);

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
    const recorded = await refuseWith(audit, counted)(authenticated(), beyondRate);
    expect(counted).to.deep.equal([
      { code: 'RATE_LIMITED', source: '127.0.0.1', agency: 'housing', system: 'housing' },
    ]);
    expect(audit.entries).to.have.length(0);
    expect(recorded.receipt).to.equal(undefined);
  });

  it('charges a known caller for a refusal that is its own fault, by the people of its entry', async () => {
    const charged: (readonly [string, number])[] = [];
    const admission = {
      chargeRefusal: ({ system }: Caller, people: number) => void charged.push([system, people]),
    };
    const refused = refuseWith(new FakeLog(), [], undefined, admission);
    await refused(authenticated(), new Refusal('POLICY_DENIED'));
    await refused(planned(), new Refusal('POLICY_DENIED'));
    await refused(planned({ named: { numbers: [APPLICANT, SPOUSE], handles: [] } }), new Refusal('CASE_NOT_OPEN'));
    const underWay = intended();
    for (const id of [APPLICANT, SPOUSE, OTHER]) underWay.access.recordFound({ id, role: 'child' });
    await refused(underWay, new Refusal('TOO_MANY_SUBJECTS'));
    await refused(authenticated(), new Refusal('OVERLOADED'));
    await refused(intended(), new Refusal('INTERNAL_SERVER_ERROR'));
    await refused(authenticated(), beyondRate);
    expect(charged).to.deep.equal([
      ['housing', 0],
      ['housing', 1],
      ['housing', 2],
      ['housing', 3],
    ]);
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

  it('records that the log was not proven outside for too long, and makes no entry of a log that cannot be written', async () => {
    const audit = new FakeLog();
    const recorded = await refuseWith(audit)(planned(), new AnchorOverdue());
    expect(audit.entries[0]?.body).to.deep.include({ code: 'AUDIT_UNAVAILABLE', reasons: ['anchor_overdue'] });
    expect(recorded.receipt?.index).to.equal(0);
    await refuseWith(audit)(planned(), new Refusal('AUDIT_UNAVAILABLE'));
    expect(audit.entries).to.have.length(1);
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

  for (const named of [0, 200, 5_000]) {
    it(`closes it with as many people as the entry has room for, when registers named ${named}`, async () => {
      const audit = new FakeLog();
      const reached = intended();
      for (let person = 0; person < named; person += 1)
        reached.access.recordRead({ subject: { id: `${person}`, role: 'child' }, granted: new Map() });
      await refuseWith(audit)(reached, new Refusal('TOO_MANY_SUBJECTS'));
      const draft = audit.entries[0] ?? expect.fail();
      const { bytes } = prepareEntry(draft);
      const { subjects, moreSubjects = 0 } = draft.body as CompletionBody;
      expect(subjects.length + moreSubjects).to.equal(1 + named);
      if (named < 250) expect(moreSubjects).to.equal(0);
      // Each person leaves room for a sealed identity: 66 bytes in the place of `null`.
      else expect(bytes.length + 62 * subjects.length).to.be.within(MAX_ENTRY_BYTES - 400, MAX_ENTRY_BYTES);
    });
  }

  it('closes it also if people that it has no room for were asked about, and commits to the facts about the others', async () => {
    const audit = new FakeLog();
    const reached = intended();
    const self = { id: APPLICANT, role: 'self' };
    reached.access.recordNexus(CASE_FACTS);
    const tied = (subject: SubjectRef, nexus: 'application' | 'relation', category: string): void => {
      const grant = { basis: 'public_task', nexus, policies: ['p'] } as const;
      reached.access.recordRead({ subject, granted: new Map([[category, { access: 'read' as const, grant }]]) });
    };
    tied(self, 'application', 'tax.income');
    for (let person = 0; person < 1_000; person += 1) {
      const child = { id: `${person}`, role: 'child', via: self };
      reached.access.recordLink('civil-acts', child);
      tied(child, 'relation', person < 999 ? 'tax.income' : 'property.ownership');
    }
    await refuseWith(audit)(reached, new Refusal('TOO_MANY_SUBJECTS'));
    const { body } = audit.entries[0] ?? expect.fail();
    const { subjects, moreSubjects = 0, disclosed } = body as CompletionBody;
    expect(moreSubjects).to.be.greaterThan(700);
    expect(subjects.length + moreSubjects).to.equal(1_001);
    expect(disclosed.map(({ category, nexus, subjects: of }) => [category, nexus?.kind, of.length])).to.deep.equal([
      ['tax.income', 'application', 1],
      ['tax.income', 'relation', subjects.length - 1],
    ]);
    for (const { nexus, subjects: of } of disclosed) {
      expect(nexus?.evidence)
        .to.match(/^[0-9a-f]{64}$/)
        .and.not.equal('f'.repeat(64));
      expect(Math.max(...of)).to.be.lessThan(subjects.length);
    }
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

  describe('names in its entry', () => {
    const tokensOf = ({ entries: [entry] }: FakeLog) => entry?.beside.subjectTokens;
    const at = async (reached: Reached, refusal = new Refusal('POLICY_DENIED')): Promise<FakeLog> => {
      const audit = new FakeLog();
      await refuseWith(audit)(reached, refusal);
      expect(JSON.stringify(audit.entries[0]?.body)).to.not.include(APPLICANT).and.not.include(OTHER);
      return audit;
    };

    it('everyone that the planned question names, with a commitment and a token each', async () => {
      const audit = await at(planned({ named: { numbers: [APPLICANT, OTHER], handles: [] } }));
      expect(tokensOf(audit)).to.deep.equal([tokenOf(APPLICANT), tokenOf(OTHER)]);
      expect(audit.entries[0]?.body).to.have.property('subjects').with.lengthOf(2);
    });

    it('the person behind a handle of any receiver', async () => {
      const audit = await at(planned({ named: { numbers: [], handles: [STOLEN, `ph_${'b'.repeat(43)}`] } }));
      expect(tokensOf(audit)).to.deep.equal([tokenOf(OTHER)]);
    });

    it('those that an unplanned body mentions', async () => {
      const body = { query: `{ citizen(iin: "${APPLICANT}") }`, variables: { person: STOLEN } };
      expect(tokensOf(await at({ ...authenticated(), body }))).to.deep.equal([tokenOf(APPLICANT), tokenOf(OTHER)]);
    });

    it('the citizen who asks', async () => {
      const caller = { system: 'portal', kind: 'citizen', assurance: 'high', person: APPLICANT } as const;
      expect(tokensOf(await at(authenticated({ caller, case: undefined })))).to.deep.equal([tokenOf(APPLICANT)]);
    });

    it('as many as an entry takes, and says that there were more', async () => {
      const numbers = Array.from({ length: 101 }, (_, position) => `${APPLICANT}/${position}`);
      const audit = await at(planned({ named: { numbers, handles: [] } }));
      expect(tokensOf(audit)).to.have.length(100);
      expect(audit.entries[0]?.body).to.deep.include({ reasons: ['more_people'] });
    });

    it('the categories that were missing and the reasons, with no name that the caller chose freely', async () => {
      const variables = [{ written: 'aigulOspanova', logged: 'variable' }];
      const refusal = new Refusal('POLICY_DENIED', { reasons: ['category'], variables, categories: ['tax.income'] });
      const { entries } = await at(planned(), refusal);
      expect(entries[0]?.body).to.deep.include({ categories: ['tax.income'], reasons: ['category', 'variable'] });
      expect(refusal.reasons).to.deep.equal(['category', 'aigulOspanova']);
    });

    it('no case that holds the number of one of them', async () => {
      const matter = { agency: 'housing', number: `HQ-1${APPLICANT}` };
      const body = { variables: { iin: APPLICANT } };
      const unplanned = await at({ ...authenticated({ case: matter }), body }, new Refusal('CASE_NUMBER_INVALID'));
      expect(unplanned.entries[0]?.body).to.deep.include({ case: null });
      const question = { ...planned().question, case: { agency: 'housing', number: `HQ-1${OTHER}` } };
      const behindHandle = await at(planned({ question, named: { numbers: [], handles: [STOLEN] } }));
      expect(behindHandle.entries[0]?.body).to.deep.include({ case: null });
    });

    it('no one unless the handles can be looked up: then the answer is AUDIT_UNAVAILABLE', async () => {
      const audit = new FakeLog();
      const down = { people: () => Promise.reject(new Error('down')) };
      const recorded = await refuseWith(
        audit,
        [],
        down,
      )(planned({ named: { numbers: [], handles: [STOLEN] } }), new Refusal('HANDLE_INVALID'));
      expect(recorded.refusal?.code).to.equal('AUDIT_UNAVAILABLE');
      expect(audit.entries).to.have.length(0);
    });
  });
});
