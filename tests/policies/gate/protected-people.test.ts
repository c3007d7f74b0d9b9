import { expect } from 'chai';
import { createProtectedPeople } from '../../../policies/gate/protected-people.js';
import { ProtectionUnavailable } from '../../../policies/protection/protection-unavailable.js';
import { Refusal } from '../../../schemas/refusal.js';
import { ADULT, CHILD, SPOUSE } from '../people.js';

const rejected = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => expect.fail('answered'),
    (error: unknown) => error,
  );

describe('protected-people', () => {
  it('asks once about each person, many in one call, with the deadline of the request', async () => {
    const asked: unknown[] = [];
    const among = createProtectedPeople({
      deadline: 1_234,
      protection: {
        amongThem: async (subjects, deadline) => (
          asked.push([[...subjects], deadline]),
          new Set(subjects.filter((id) => id === SPOUSE))
        ),
      },
    });
    expect([...(await among([ADULT, SPOUSE, ADULT]))]).to.deep.equal([SPOUSE]);
    expect([...(await among([SPOUSE, CHILD]))]).to.deep.equal([SPOUSE]);
    expect([...(await among([CHILD]))]).to.deep.equal([]);
    expect(asked).to.deep.equal([
      [[ADULT, SPOUSE], 1_234],
      [[CHILD], 1_234],
    ]);
  });

  it('refuses when the list cannot be asked, and does not ask again', async () => {
    let calls = 0;
    const among = createProtectedPeople({
      deadline: 1,
      protection: { amongThem: () => ((calls += 1), Promise.reject(new ProtectionUnavailable('timeout'))) },
    });
    for (let time = 0; time < 2; time += 1) {
      const refusal = await rejected(among([ADULT]));
      expect(refusal).to.be.instanceOf(Refusal).that.includes({ code: 'PROTECTION_UNAVAILABLE' });
      expect((refusal as Refusal).reasons).to.deep.equal(['timeout']);
    }
    expect(calls).to.equal(1);
  });

  it('passes on a failure of its own as it is', async () => {
    const failure = new TypeError('a fault of ours');
    const among = createProtectedPeople({ deadline: 1, protection: { amongThem: () => Promise.reject(failure) } });
    expect(await rejected(among([ADULT]))).to.equal(failure);
  });
});
