import { expect } from 'chai';
import { APPEAL_FAMILY, UNKNOWN_NUMBER } from '../../demo/country/people.js';
import { accessForSystem } from '../../gateway/cli/client/access.js';
import { readProfile } from '../../gateway/cli/client/profile.js';
import { startSystem, type Answer, type RunningSystem } from './running-system.js';

const { applicant, wife, husband, caseNumber } = APPEAL_FAMILY;
/** Another case of the same agency. */
const OTHER_CASE = 'AP-2026-000302';
const CLOSED_CASE = 'AP-2026-000300';

describe('a handle, over the whole way', function () {
  this.timeout(60_000);
  let system: RunningSystem;
  let handle: string;

  before(async () => {
    system = await startSystem();
    handle = String((await issue(applicant.iin)).data?.['handle']);
  });
  after(() => (system as RunningSystem | undefined)?.stop());

  const issue = async (iin: string, as = 'appeals', receiver = 'appeals-ai', number = caseNumber): Promise<Answer> =>
    system.ask(
      await system.as(
        as,
        as === 'housing' ? 'housing_queue' : 'appeal_review',
        as === 'housing' ? 'HQ-2026-000101' : number,
      ),
      { iin, for: receiver },
      '/handles',
    );
  const context = async (client: string, person: unknown, number = caseNumber): Promise<Answer> =>
    system.ask(await system.as(client, 'appeal_review', number), {
      documentId: 'AppealContext',
      variables: { person },
    });
  const code = ({ errors }: Answer): unknown => errors[0]?.extensions.code;

  it('opens the context to the caller that it was issued for', async () => {
    const answer = await context('appeals-ai', handle);
    expect(answer.errors).to.deep.equal([]);
    expect(answer.data?.['person']).to.have.all.keys('pseudonym', 'birthYear', 'registration');
  });

  it('is used for an officer: the entry names the officer and the model, and no one may ask alone', async () => {
    const answer = await context('appeals-ai', handle);
    const [entry] = await system.entries(answer.tereze.requestId);
    expect(entry)
      .to.have.property('caller')
      .that.deep.includes({
        system: 'appeals-ai',
        actor: 'officer-appeals-1',
        model: { id: 'appeal-drafts', version: '2026-11' },
      });
    const alone = await accessForSystem(await readProfile('appeals-ai', system.country.clients), {
      purpose: 'appeal_review',
      case: { agency: 'appeals', number: caseNumber },
    });
    const before = system.calls();
    const refused = await system.ask(alone, { documentId: 'AppealContext', variables: { person: handle } });
    expect([refused.status, code(refused)]).to.deep.equal([401, 'UNAUTHENTICATED']);
    expect(system.calls()).to.equal(before);
  });

  it('lets no number and no name through, in any form', async () => {
    const { text } = await context('appeals-ai', handle);
    for (const known of [applicant.iin, applicant.birthDate, applicant.firstName, wife.surname, husband.surname])
      expect(text).to.not.include(known);
  });

  it('is of no use to another caller, for another case, or when it is made up, and no register is asked', async () => {
    const before = system.calls();
    const refused = [
      await context('appeals', handle),
      await context('appeals-ai', handle, OTHER_CASE),
      await context('appeals-ai', `ph_${'A'.repeat(43)}`),
      await context('appeals-ai', applicant.iin),
    ];
    expect(refused.map(code)).to.deep.equal([
      'DOCUMENT_NOT_ALLOWED',
      'HANDLE_INVALID',
      'HANDLE_INVALID',
      'BAD_USER_INPUT',
    ]);
    expect(refused.every(({ data }) => data === null)).to.equal(true);
    expect(system.calls()).to.equal(before);
  });

  it('is issued only to a system of the agency that holds the case, for a person that the case names', async () => {
    const refused = [
      await issue(husband.iin),
      await issue(UNKNOWN_NUMBER),
      await issue(applicant.iin, 'housing'),
      await issue(applicant.iin, 'appeals-ai'),
    ];
    expect(refused.map(code)).to.deep.equal(['POLICY_DENIED', 'POLICY_DENIED', 'POLICY_DENIED', 'POLICY_DENIED']);
    // No one learns from the refusal whether there is such a person.
    const shape = ({ status, errors }: Answer): unknown => [
      status,
      errors.map(({ message, extensions: { reasons } }) => [message, reasons]),
    ];
    expect(shape(refused[0] as Answer)).to.deep.equal(shape(refused[1] as Answer));
  });

  it('is not issued in a case that is closed or unknown', async () => {
    for (const [number, status] of [
      [CLOSED_CASE, 'closed'],
      ['NO-SUCH-CASE-77', 'unknown'],
    ] as const) {
      const refused = await issue(applicant.iin, 'appeals', 'appeals-ai', number);
      expect([code(refused), refused.status]).to.deep.equal(['CASE_NOT_OPEN', 403]);
      expect(await system.entries(refused.tereze.requestId))
        .to.have.length(1)
        .and.to.have.nested.property('[0].case.status', status);
    }
  });

  it('is of no use once the case is closed, and no register is asked', async () => {
    const matter = system.country.country.cases.find(({ number }) => number === caseNumber) ?? expect.fail('no case');
    const before = system.calls();
    matter.status = 'closed';
    try {
      expect(code(await context('appeals-ai', handle))).to.equal('CASE_NOT_OPEN');
    } finally {
      matter.status = 'open';
    }
    expect(system.calls()).to.equal(before);
    expect((await context('appeals-ai', handle)).errors).to.deep.equal([]);
  });

  it('is in the log as an act, without the number and without the handle', async () => {
    const issued = await issue(applicant.iin);
    const entries = await system.entries(issued.tereze.requestId);
    expect(entries.map((entry) => entry.kind)).to.deep.equal(['intent', 'act']);
    expect(JSON.stringify(entries)).to.not.include(applicant.iin).and.not.include(String(issued.data?.['handle']));
  });

  it('is what an AI service needs: it may not write questions of its own', async () => {
    const before = system.calls();
    const answer = await system.ask(await system.as('appeals-ai', 'appeal_review', caseNumber), {
      query: 'query Q($h: PersonHandle!) { person(handle: $h) { lastName } }',
      variables: { h: handle },
    });
    expect(code(answer)).to.equal('DOCUMENT_ID_REQUIRED');
    expect(system.calls()).to.equal(before);
  });
});
