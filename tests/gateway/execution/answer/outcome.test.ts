import { expect } from 'chai';
import { outcomeOf } from '../../../../gateway/execution/answer/outcome.js';
import { ERROR_REPORTED, type ProjectObject } from '../../../../gateway/execution/answer/projection.js';
import type { Execution } from '../../../../gateway/execution/port.js';
import { Run } from '../../../../gateway/execution/run.js';
import { silentObserver, standingClock } from '../../../doubles.js';
import { PUBLIC_TASK } from '../harness.js';
import { AccessRecord } from '../../../../gateway/access/access-record.js';
import { NOTHING_GOVERNED } from '../../../../schemas/catalogue/governance-index.js';

const SUBJECT = { id: '1', role: 'self' } as const;
const WITHHELD = { code: 'CONSENT_REQUIRED', category: 'a', consentRequest: 'sealed' } as const;
const FAILED = { code: 'REGISTER_UNAVAILABLE', serviceName: 'tax' } as const;

function ran(atomic = false): Run {
  const run = new Run({ requestId: 'r-1', accessRecord: new AccessRecord('r-1'), atomic } as Execution, {
    clock: standingClock(),
    observer: silentObserver(),
    registerTimeoutMs: () => 1000,
    governance: NOTHING_GOVERNED,
  });
  run.accessRecord.recordRead({
    subject: SUBJECT,
    granted: new Map([['a', { access: 'disclose', grant: PUBLIC_TASK }]]),
  });
  return run;
}

/** Writes an answer in which `a` and `b` are missing, with an error if a fault is known. */
const project: ProjectObject = (value, before, projection) => {
  for (const key of ['a', 'b']) projection.absent({ holder: value, key, before, answerKey: key });
  return { a: null, b: null };
};

describe('the outcome of an execution', () => {
  it('has an error for each fault, and lists what was withheld', () => {
    const run = ran();
    run.annotations.setFault(run.data, 'a', WITHHELD);
    run.annotations.setFault(run.data, 'b', FAILED);
    const { data, errors, withheld } = outcomeOf(run, project);
    expect(data).to.deep.equal({ a: null, b: null });
    expect(errors.map(({ path }) => path)).to.deep.equal([['a'], ['b']]);
    expect(errors[0]?.extensions).to.include({ code: 'CONSENT_REQUIRED', consentRequest: 'sealed' });
    expect(errors[0]?.extensions).to.not.have.property('category');
    expect(errors[1]?.extensions).to.include({ code: 'REGISTER_UNAVAILABLE', serviceName: 'tax' });
    expect(withheld).to.deep.equal([{ path: ['a'], ...WITHHELD }]);
    expect(run.accessRecord.disclosures.map(({ category, access }) => [category, access])).to.deep.equal([
      ['a', 'disclose'],
    ]);
  });

  it('has no data when a null bubbled to the top', () => {
    expect(outcomeOf(ran(), () => ERROR_REPORTED).data).to.equal(null);
  });

  it('of an atomic operation that lacks a basis has no data, only what is missing, and disclosed nothing', () => {
    const run = ran(true);
    run.annotations.setFault(run.data, 'a', WITHHELD);
    run.annotations.setFault(run.data, 'b', FAILED);
    run.annotations.note(run.data, { register: 'r', type: 'T', verdict: 'pass', findings: [] });
    const { data, errors, records } = outcomeOf(run, (value, _path, projection) =>
      projection.withRecords(value, { key: 'top', before: undefined }, project),
    );
    expect(data).to.equal(null);
    expect(errors.map(({ extensions }) => extensions?.['code'])).to.deep.equal(['CONSENT_REQUIRED']);
    expect(run.accessRecord.disclosures.map(({ access }) => access)).to.deep.equal(['read']);
    expect(records).to.deep.equal([]);
  });

  it('of an atomic operation names one missing basis without a path, if nothing that the client wrote shows it', () => {
    const run = ran(true);
    run.annotations.setFault({}, 'x', WITHHELD);
    run.annotations.setFault({}, 'y', WITHHELD);
    const { errors, withheld } = outcomeOf(run, project);
    expect(errors).to.have.length(1);
    expect(errors[0]).to.not.have.property('path');
    expect(withheld).to.deep.equal([{ path: [], ...WITHHELD }]);
  });
});
