import { expect } from 'chai';
import pg from 'pg';
import { failureReasonOf } from '../../../../adapters/sql/reader/failure-reason.js';

describe('the reason of a database failure', () => {
  const cases = [
    ['57014', 'deadline'],
    ['53300', 'overloaded'],
    ['53400', 'overloaded'],
    ['57P01', 'connection_cut'],
    ['57P03', 'connection_cut'],
    ['08006', 'connection_cut'],
    ['42P01', 'schema_drift'],
    ['42501', 'sql_denied'],
    ['25006', 'sql_failed'],
    ['28P01', 'credentials_refused'],
    ['28000', 'credentials_refused'],
    ['XX000', 'sql_failed'],
    ['ECONNREFUSED', 'connect_refused'],
    ['ECONNRESET', 'connection_cut'],
    ['EPIPE', 'connection_cut'],
    ['P0001', 'sql_failed'],
    ['CERT_HAS_EXPIRED', 'tls_expired'],
  ] as const;
  for (const [code, reason] of cases) {
    it(`is ${reason} for ${code}`, () => {
      expect(failureReasonOf(Object.assign(new Error('words'), { code }))).to.equal(reason);
    });
  }

  it('is content_type for a message that the protocol does not have', () => {
    expect(failureReasonOf(new pg.DatabaseError('received invalid response: 21', 1, 'error'))).to.equal('content_type');
  });

  it('is connection_cut for everything that says nothing', () => {
    for (const thrown of [new Error('Connection terminated unexpectedly'), undefined, null, 'text', { code: 7 }])
      expect(failureReasonOf(thrown)).to.equal('connection_cut');
  });
});
