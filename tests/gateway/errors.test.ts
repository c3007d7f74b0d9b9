import { expect } from 'chai';
import { formatRefusal } from '../../gateway/errors.js';
import { Refusal } from '../../schemas/refusal.js';

describe('formatRefusal', () => {
  it('says when the refusal ends, if that is known', () => {
    const endsAt = '2026-03-02T01:00:00.000Z';
    const bound = formatRefusal(new Refusal('CONSENT_BOUND_REACHED', { reasons: ['in_force'], endsAt }), 'r');
    expect(bound.extensions).to.deep.include({ code: 'CONSENT_BOUND_REACHED', reasons: ['in_force'], endsAt });
    expect(formatRefusal(new Refusal('RATE_LIMITED'), 'r').extensions).to.not.have.property('endsAt');
  });
});
