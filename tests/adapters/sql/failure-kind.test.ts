import { expect } from 'chai';
import pg from 'pg';
import { failureKindOf } from '../../../adapters/sql/failure-kind.js';

describe('the kind of a database failure', () => {
  const cases = [
    ['57014', 'timeout'],
    ['53300', 'overloaded'],
    ['53400', 'overloaded'],
    ['57P01', 'transport'],
    ['57P03', 'transport'],
    ['08006', 'transport'],
    ['42P01', 'failed'],
    ['42501', 'denied'],
    ['25006', 'failed'],
    ['28P01', 'denied'],
    ['28000', 'denied'],
    ['XX000', 'failed'],
    ['ECONNREFUSED', 'transport'],
    ['ECONNRESET', 'transport'],
  ] as const;
  for (const [code, kind] of cases) {
    it(`is ${kind} for ${code}`, () => {
      expect(failureKindOf(Object.assign(new Error('words'), { code }))).to.equal(kind);
    });
  }

  it('is malformed for a message that the protocol does not have', () => {
    expect(failureKindOf(new pg.DatabaseError('received invalid response: 21', 1, 'error'))).to.equal('malformed');
  });

  it('is transport for everything that says nothing', () => {
    for (const thrown of [new Error('Connection terminated unexpectedly'), undefined, null, 'text', { code: 7 }])
      expect(failureKindOf(thrown)).to.equal('transport');
  });
});
