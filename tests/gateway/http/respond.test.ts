import { expect } from 'chai';
import { refusalHeaders } from '../../../gateway/http/respond.js';
import { Refusal } from '../../../schemas/refusal.js';

describe('refusalHeaders', () => {
  it('are those that a code asks for', () => {
    expect(refusalHeaders(undefined)).to.deep.equal({});
    expect(refusalHeaders(new Refusal('POLICY_DENIED'))).to.deep.equal({});
    expect(refusalHeaders(new Refusal('METHOD_NOT_ALLOWED', { reasons: ['GET', 'POST'] }))).to.deep.equal({
      Allow: 'GET, POST',
    });
    expect(refusalHeaders(new Refusal('UNAUTHENTICATED'))).to.have.all.keys('WWW-Authenticate');
    expect(refusalHeaders(new Refusal('AUDIT_UNAVAILABLE'))).to.have.all.keys('Retry-After');
    expect(refusalHeaders(new Refusal('CONSENT_BOUND_REACHED', { retryAfterS: 7 }))).to.deep.equal({
      'Retry-After': '7',
    });
    expect(refusalHeaders(new Refusal('SHUTTING_DOWN'))).to.have.all.keys('Retry-After', 'Connection');
    expect(refusalHeaders(new Refusal('PAYLOAD_TOO_LARGE'))).to.deep.equal({ Connection: 'close' });
  });
});
