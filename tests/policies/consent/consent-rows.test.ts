import { expect } from 'chai';
import { consentRecordOf, statusOf, type ConsentRow } from '../../../policies/consent/consent-rows.js';

const END = '2026-12-01T00:00:00.000Z';
const row = (changed: Partial<ConsentRow> = {}): ConsentRow => ({
  consent_id: 'c-1',
  agency: 'housing',
  purpose: 'housing_queue',
  case_number: 'HQ-1',
  categories: ['property.land'],
  revision: 2,
  status: 'given',
  given_at: '2026-11-01 10:00:00+00',
  valid_until: END,
  withdrawn_at: null,
  ...changed,
});
const before = new Date(Date.parse(END) - 1);
const at = new Date(END);

describe('consent-rows', () => {
  it('holds a consent until its end, not at it', () => {
    expect([statusOf(row(), before), statusOf(row(), at)]).to.deep.equal(['given', 'expired']);
  });

  it('leaves a withdrawn consent withdrawn, before its end and after', () => {
    const withdrawn = row({ status: 'withdrawn' });
    expect([statusOf(withdrawn, before), statusOf(withdrawn, at)]).to.deep.equal(['withdrawn', 'withdrawn']);
  });

  it('is a record for the citizen, with times in ISO form', () => {
    expect(consentRecordOf(row(), before)).to.deep.equal({
      id: 'c-1',
      revision: 2,
      agency: 'housing',
      purpose: 'housing_queue',
      caseNumber: 'HQ-1',
      categories: ['property.land'],
      status: 'given',
      givenAt: '2026-11-01T10:00:00.000Z',
      validUntil: END,
    });
  });

  it('names no case where the consent is for any, and the time of a withdrawal where there is one', () => {
    const record = consentRecordOf(
      row({ case_number: '', status: 'withdrawn', withdrawn_at: '2026-11-02 10:00:00+00' }),
      before,
    );
    expect(record).not.to.have.property('caseNumber');
    expect(record.withdrawnAt).to.equal('2026-11-02T10:00:00.000Z');
  });
});
