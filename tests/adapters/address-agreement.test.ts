import { expect } from 'chai';
import { agreementState, daysLeft, reportAgreements } from '../../adapters/address-agreement.js';
import { listeningObserver } from '../doubles.js';

const agreement = {
  operation: 'person',
  address: 'GET /persons/{iin}',
  owner: 'MoJ',
  agreement: '114',
  until: '2027-03-01',
};

describe('an agreement that an identifier may be in an address', () => {
  it('ends after its last day, and is near its end in the 30 days with it', () => {
    for (const [today, state] of [
      ['2027-01-30', 'valid'],
      ['2027-01-31', 'ends_soon'],
      ['2027-03-01', 'ends_soon'],
      ['2027-03-02', 'ended'],
    ] as const)
      expect(agreementState(agreement, today), today).to.equal(state);
    expect(daysLeft(agreement, '2027-02-28')).to.equal(1);
  });

  it('is told at start, without an address that is filled', () => {
    const observer = listeningObserver();
    reportAgreements('liens', [agreement, { ...agreement, until: '2030-01-01' }], { today: '2027-02-28', observer });
    expect(observer.lines).to.deep.equal([
      {
        level: 'warn',
        event: 'register_address_agreement',
        fields: {
          register: 'liens',
          operation: 'person',
          address: 'GET /persons/{iin}',
          state: 'ends_soon',
          until: '2027-03-01',
          daysLeft: 1,
        },
      },
    ]);
  });
});
