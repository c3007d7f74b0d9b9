import { expect } from 'chai';
import { prepareEntry } from '../../../monitoring/audit/prepared-entry.js';
import { besideOf, completionDraft, intentDraft, refusalDraft } from './drafts.js';

describe('prepared entry', () => {
  it('derives its columns from the body', () => {
    expect(prepareEntry(refusalDraft('r1')).columns).to.deep.equal({
      requestId: 'r1',
      kind: 'refusal',
      at: '2026-11-23T10:00:00.000Z',
      schemaVersion: 2,
      agency: 'housing',
      system: 'housing',
      purpose: 'housing_queue',
      caseNumber: 'HQ-2026-000101',
      documentName: 'HousingQueue',
      documentHash: `sha256:${'ab'.repeat(32)}`,
      operation: 'HousingQueue',
      outcome: null,
      code: 'POLICY_DENIED',
    });
  });

  it('takes the outcome of a completion', () => {
    expect(prepareEntry(completionDraft('r1')).columns).to.include({ outcome: 'answered', code: null });
  });

  it('has no caller and no question for refusals before authentication', () => {
    const { columns } = prepareEntry({
      body: {
        schemaVersion: 2,
        kind: 'refusals',
        requestId: 'r1',
        at: '2026-11-23T10:00:00.000Z',
        code: 'UNAUTHENTICATED',
        source: '127.0.0.1',
        count: 3,
      },
      beside: {},
    });
    expect(columns).to.include({
      agency: null,
      system: null,
      purpose: null,
      caseNumber: null,
      code: 'UNAUTHENTICATED',
    });
  });

  it('keeps salts and tokens out of the hashed bytes', () => {
    const { bytes, subjects } = prepareEntry(intentDraft('r1', { subjects: ['a'] }));
    const [subject] = subjects;
    expect(bytes.toString('utf8')).not.to.include(subject?.token).and.not.to.include(subject?.salt.toString('hex'));
  });

  it('refuses salts and tokens that do not belong to the subjects', () => {
    const { body } = intentDraft('r1', { subjects: ['a', 'b'] });
    const { subjectSalts, subjectTokens } = besideOf(['a', 'b']);
    for (const beside of [
      { subjectTokens },
      { subjectSalts },
      { subjectTokens, subjectSalts: subjectSalts.slice(1) },
      besideOf(['a']),
    ]) {
      expect(() => prepareEntry({ body, beside })).to.throw(RangeError);
    }
    expect(() => prepareEntry({ body, beside: {} })).not.to.throw();
  });

  it('refuses more than 64 KiB', () => {
    expect(() => prepareEntry(intentDraft('r1', { catalogue: 'x'.repeat(65_536) }))).to.throw(RangeError);
  });
});
