import { expect } from 'chai';
import { RegisterFailure } from '../../../../adapters/port.js';
import { callFault, isWithheld, registerFault } from '../../../../gateway/execution/data/fault.js';

const NOW = new Date('2026-11-23T10:00:00.400Z');

describe('faults', () => {
  it('of a call have the code of the register’s failure', () => {
    expect(callFault('tax', new RegisterFailure('tax', 'breaker_open'), NOW)).to.deep.equal({
      code: 'REGISTER_UNAVAILABLE',
      serviceName: 'tax',
    });
  });

  it('of a call that threw anything else are the register’s, and say nothing of it', () => {
    for (const thrown of [new Error('ORA-00942'), 'text', undefined])
      expect(callFault('tax', thrown, NOW)).to.deep.equal({ code: 'DOWNSTREAM_SERVICE_ERROR', serviceName: 'tax' });
  });

  it('say the reason only where it concerns the caller', () => {
    expect(callFault('tax', new RegisterFailure('tax', 'json_duplicate_name'), NOW)).to.deep.equal({
      code: 'REGISTER_MALFORMED_RESPONSE',
      serviceName: 'tax',
      reasons: ['json_duplicate_name'],
    });
    for (const reason of ['tls_expired', 'sql_failed', 'other_subject'] as const)
      expect(callFault('tax', new RegisterFailure('tax', reason), NOW), reason).to.not.have.property('reasons');
  });

  it('say when a register wants to be asked again, never too early', () => {
    const asked = new RegisterFailure('tax', 'overloaded', { retryAfterMs: 2_000 });
    expect(callFault('tax', asked, NOW)).to.deep.equal({
      code: 'REGISTER_UNAVAILABLE',
      serviceName: 'tax',
      retryAt: '2026-11-23T10:00:03.000Z',
    });
  });

  it('withhold a value only if they have a category', () => {
    expect(isWithheld({ code: 'CONSENT_REQUIRED', category: 'tax.income' })).to.equal(true);
    expect(isWithheld(registerFault('tax', 'timeout'))).to.equal(false);
  });
});
