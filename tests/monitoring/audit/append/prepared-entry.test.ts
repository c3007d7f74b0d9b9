import { expect } from 'chai';
import { ENTRY_SCHEMA_VERSION, refusalsEntry, stateEntry } from '../../../../monitoring/audit/entries.js';
import { MAX_ENTRY_BYTES, prepareEntry } from '../../../../monitoring/audit/append/prepared-entry.js';
import { besideOf, completionDraft, intentDraft, refusalDraft } from '../drafts.js';

describe('prepared entry', () => {
  it('derives its columns from the body', () => {
    expect(prepareEntry(refusalDraft('r1')).columns).to.deep.equal({
      requestId: 'r1',
      kind: 'refusal',
      at: '2026-11-23T10:00:00.000Z',
      schemaVersion: ENTRY_SCHEMA_VERSION,
      agency: 'housing',
      system: 'housing',
      purpose: 'housing_queue',
      caseNumber: 'HQ-2026-000101',
      documentName: 'HousingQueue',
      documentHash: `sha256:${'ab'.repeat(32)}`,
      operation: 'HousingQueue',
      outcome: null,
      code: 'POLICY_DENIED',
      officer: null,
      model: null,
      registers: [],
      categories: [],
    });
  });

  it('looks at each member of a body twice: for the bytes, and for the columns', () => {
    const { body, beside } = completionDraft('r1');
    let reads = 0;
    const counting = { ...body };
    Object.defineProperty(counting, 'purpose', { enumerable: true, get: () => ((reads += 1), 'housing_queue') });
    prepareEntry({ body: counting, beside });
    expect(reads).to.equal(2);
  });

  it('takes registers and categories from every list that names them, each once, in order', () => {
    const columns = prepareEntry(
      completionDraft('r1', {
        disclosed: [
          {
            ...{ category: 'tax.income', access: 'disclose', basis: 'public_task', nexus: null },
            ...{ policies: [], consents: [], subjects: [] },
          },
        ],
        withheld: [
          { category: 'property.land', code: 'CONSENT_REQUIRED', count: 1 },
          { category: '*', code: 'CLIENT_GONE', count: 1 },
        ],
        planned: [
          { register: 'tax', fetches: 1 },
          { register: 'property', fetches: 1 },
        ],
      }),
    ).columns;
    expect(columns.registers).to.deep.equal(['property', 'tax']);
    expect(columns.categories).to.deep.equal(['property.land', 'tax.income']);
    expect(prepareEntry(refusalDraft('r1', { categories: ['b.c', 'a.b'] })).columns.categories).to.deep.equal([
      'a.b',
      'b.c',
    ]);
  });

  it('takes the outcome of a completion', () => {
    expect(prepareEntry(completionDraft('r1')).columns).to.include({ outcome: 'answered', code: null });
  });

  it('has no caller and no question for refusals before authentication', () => {
    const { columns } = prepareEntry({
      body: {
        schemaVersion: ENTRY_SCHEMA_VERSION,
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

  it('refuses salts, tokens and sealed identities that do not belong to the subjects', () => {
    const { body } = intentDraft('r1', { subjects: ['a', 'b'] });
    const { subjectSalts, subjectTokens, subjectSealed } = besideOf(['a', 'b']);
    for (const beside of [
      { subjectSalts, subjectTokens },
      { subjectSalts, subjectTokens, subjectSealed: [...subjectSealed].reverse() },
      { subjectTokens },
      { subjectSalts },
      { subjectTokens, subjectSalts: subjectSalts.slice(1) },
      besideOf(['a']),
      besideOf(['b', 'a']),
      {},
    ]) {
      expect(() => prepareEntry({ body, beside })).to.throw(RangeError);
    }
    expect(() => prepareEntry({ body, beside: { subjectSalts, subjectTokens, subjectSealed } })).not.to.throw();
  });

  it('takes 65,535 bytes and refuses one more', () => {
    const empty = prepareEntry(intentDraft('r1', { catalogue: '' })).bytes.length;
    const ofLength = (length: number) => prepareEntry(intentDraft('r1', { catalogue: 'x'.repeat(length - empty) }));
    expect(ofLength(MAX_ENTRY_BYTES).bytes).to.have.length(65_535);
    expect(() => ofLength(MAX_ENTRY_BYTES + 1)).to.throw(RangeError);
  });

  it('has the known caller of refusals beyond a rate', () => {
    const at = new Date('2026-11-23T10:00:00.000Z');
    const counted = { requestId: 'r1', at, code: 'RATE_LIMITED', source: '127.0.0.1', count: 3 };
    const { columns } = prepareEntry({
      body: refusalsEntry({ ...counted, agency: 'social', system: 's1' }),
      beside: {},
    });
    expect(columns).to.include({ agency: 'social', system: 's1', code: 'RATE_LIMITED', purpose: null });
  });

  it('takes the act on the state', () => {
    const at = new Date('2026-11-23T10:00:00.000Z');
    const body = stateEntry({ requestId: 'r1', at, act: 'initialised', reason: 'first', epoch: 1, closedLogs: [] });
    expect(prepareEntry({ body, beside: {} }).columns).to.include({
      kind: 'state',
      outcome: 'initialised',
      agency: null,
      purpose: null,
    });
  });
});
