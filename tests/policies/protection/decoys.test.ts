import { expect } from 'chai';
import { createDecoys } from '../../../policies/protection/decoys.js';
import { ADULT, CHILD, SPOUSE, STRANGER } from '../people.js';

const ADULTS = ['680203499702', '740203399690', '790203499705'];
const MINORS = ['100203699706', '130203599705'];
const OPTIONS = { decoys: [...ADULTS, ...MINORS], secret: Buffer.from('secret'), factDate: '2026-03-02' };

describe('decoys', () => {
  it('are of the age class of the person, and stay the same to the end of the request', () => {
    const decoyFor = createDecoys(OPTIONS);
    const first = decoyFor(ADULT, []);
    expect(ADULTS).to.include(first);
    expect(MINORS).to.include(decoyFor(CHILD, []));
    expect(decoyFor(ADULT, [])).to.equal(first);
    expect(decoyFor(ADULT, ADULTS)).to.equal(first);
  });

  it('differ for each person as long as there are some, also from the people of the request', () => {
    const decoyFor = createDecoys(OPTIONS);
    const given = [ADULT, SPOUSE, STRANGER].map((id) => decoyFor(id, [ADULT, SPOUSE, STRANGER]));
    expect(given).to.have.members(ADULTS);
    expect(createDecoys(OPTIONS)(ADULT, ADULTS.slice(0, 2))).to.equal(ADULTS[2]);
  });

  it('are of the other age class, and then shared, when there are no more', () => {
    const decoyFor = createDecoys({ ...OPTIONS, decoys: [ADULTS[0] ?? '', MINORS[0] ?? ''] });
    const given = [ADULT, SPOUSE, STRANGER].map((id) => decoyFor(id, []));
    expect(given).to.deep.equal([ADULTS[0], MINORS[0], ADULTS[0]]);
  });

  it('do not depend on the order of other requests, and depend on the secret', () => {
    const choice = (secret: string) => createDecoys({ ...OPTIONS, secret: Buffer.from(secret) })(ADULT, []);
    expect(choice('a')).to.equal(choice('a'));
    const secrets = Array.from({ length: 30 }, (_one, index) => String(index));
    expect(new Set(secrets.map(choice))).to.have.property('size', ADULTS.length);
  });

  it('are none where none are configured', () => {
    expect(createDecoys({ ...OPTIONS, decoys: [] })(ADULT, [])).to.equal(undefined);
  });
});
