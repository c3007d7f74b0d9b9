import { expect } from 'chai';
import { onBehalfOf } from '../../../../gateway/stages/execute/on-behalf-of.js';
import { APPLICANT, authenticated } from '../requests.js';

describe('what registers learn about the caller', () => {
  it('is agency, system, officer, purpose and case', () => {
    const { caller, ...request } = authenticated();
    expect(onBehalfOf({ ...request, caller: { ...caller, officer: 'officer-7' } })).to.deep.equal({
      agency: { id: 'housing', bin: '900140000007' },
      system: 'housing',
      officer: 'officer-7',
      purpose: 'housing_queue',
      case: { agency: 'housing', number: 'HQ-2026-000101' },
    });
  });

  it('is also the officer that a system acts for', () => {
    const { caller, ...request } = authenticated();
    expect(onBehalfOf({ ...request, caller: { ...caller, actor: 'officer-7' } })).to.include({ officer: 'officer-7' });
  });

  it('is never the person who is signed in', () => {
    const told = onBehalfOf({
      caller: { system: 'citizen-window', kind: 'citizen', person: APPLICANT, assurance: 'none' },
      purpose: 'own_data',
      case: undefined,
    });
    expect(told).to.deep.equal({ system: 'citizen-window', purpose: 'own_data' });
  });
});
