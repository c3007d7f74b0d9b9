import { expect } from 'chai';
import { caseSystems } from '../../../demo/agencies/case-systems.js';
import { generateCountry } from '../../../demo/country/country.js';
import { HOUSING_FAMILY, SUPPORTED_FAMILY } from '../../../demo/country/people.js';
import { served, type Served } from '../registers/served.js';

describe('the agencies’ case systems', () => {
  const tokens = { housing: 'h', social: 's', appeals: 'a', integrity: 'i' };
  const { applicant, wife, caseNumber } = HOUSING_FAMILY;
  const question = {
    agency: 'housing',
    case: caseNumber,
    purpose: 'housing_queue',
    subjects: [wife.iin, applicant.iin],
  };
  let agencies: Served;
  const ask = (body: unknown, token = 'h'): ReturnType<Served['post']> =>
    agencies.post('/api/v1/cases/facts', body, { Authorization: `Bearer ${token}` });

  before(async () => {
    agencies = await served((meter) => caseSystems(generateCountry().cases, tokens, meter));
  });
  after(() => agencies.listener.close());

  it('says that the case is open and which person the application names, by position', async () => {
    expect(await ask(question)).to.deep.equal({
      status: 200,
      json: {
        case: { status: 'open' },
        facts: [{ subject: 1, kind: 'application', reference: 'housing/application/2025-000101' }],
      },
    });
  });

  it('says who stands on a list', async () => {
    const body = {
      agency: 'social',
      case: SUPPORTED_FAMILY.caseNumber,
      purpose: 'proactive_support',
      subjects: [SUPPORTED_FAMILY.applicant.iin],
    };
    expect((await ask(body, 's')).json).to.have.nested.property('facts[0].kind', 'list');
  });

  it('knows no case, and ties no one to one, that does not exist, is another agency’s or is for another purpose', async () => {
    for (const other of [
      { case: 'HQ-2026-999999' },
      { case: SUPPORTED_FAMILY.caseNumber },
      { purpose: 'proactive_support' },
    ]) {
      expect((await ask({ ...question, ...other })).json).to.deep.equal({
        case: { status: 'unknown' },
        facts: [],
      });
    }
  });

  it('says that a case is closed', async () => {
    expect((await ask({ ...question, case: 'HQ-2026-000100' })).json).to.have.nested.property('case.status', 'closed');
  });

  it('says it of the case alone where no one is asked about', async () => {
    expect((await ask({ ...question, subjects: [] })).json).to.deep.equal({ case: { status: 'open' }, facts: [] });
  });

  it('opens an agency’s cases to its own token only', async () => {
    for (const token of ['s', 'a', 'x', '']) expect((await ask(question, token)).status).to.equal(401);
    expect((await ask({ ...question, agency: 'tax' })).status).to.equal(401);
    expect((await ask({ ...question, agency: 'constructor' })).status).to.equal(401);
  });

  it('refuses what is not a question', async () => {
    for (const body of ['{', {}, { ...question, subjects: 'x' }, { ...question, subjects: [1] }])
      expect((await ask(body)).status).to.equal(400);
  });
});
