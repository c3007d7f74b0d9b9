import { expect } from 'chai';
import { RegisterFailure } from '../../../../adapters/port.js';
import { callFault, isWithheld, registerFault } from '../../../../gateway/execution/data/fault.js';

describe('faults', () => {
  it('of a call have the code of the register’s failure', () => {
    expect(callFault('tax', new RegisterFailure('tax', 'breaker_open'))).to.deep.equal({
      code: 'REGISTER_UNAVAILABLE',
      serviceName: 'tax',
    });
  });

  it('of a call that threw anything else are the register’s, and say nothing of it', () => {
    for (const thrown of [new Error('ORA-00942'), 'text', undefined])
      expect(callFault('tax', thrown)).to.deep.equal({ code: 'DOWNSTREAM_SERVICE_ERROR', serviceName: 'tax' });
  });

  it('withhold a value only if they have a category', () => {
    expect(isWithheld({ code: 'CONSENT_REQUIRED', category: 'tax.income' })).to.equal(true);
    expect(isWithheld(registerFault('tax', 'timeout'))).to.equal(false);
  });
});
