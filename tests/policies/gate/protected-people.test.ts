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
        amongThem: async ({ subjects, dwellings }, deadline) => {
          asked.push([[...subjects], [...dwellings], deadline]);
          return {
            subjects: new Set(subjects.filter((id) => id === SPOUSE)),
            dwellings: new Set(dwellings.filter((code) => code === 'D-1')),
          };
        },
      },
    });
    const found = async (subjects: readonly string[], dwellings: readonly string[] = []) => {
      const answer = await among({ subjects, dwellings });
      return [[...answer.subjects], [...answer.dwellings]];
    };
    expect(await found([ADULT, SPOUSE, ADULT], ['D-1', 'D-2'])).to.deep.equal([[SPOUSE], ['D-1']]);
    expect(await found([SPOUSE, CHILD], ['D-1', 'D-1'])).to.deep.equal([[SPOUSE], ['D-1']]);
    expect(await found([CHILD])).to.deep.equal([[], []]);
    // A code that looks like a person's number is a code.
    expect(await found([], [SPOUSE])).to.deep.equal([[], []]);
    expect(asked).to.deep.equal([
      [[ADULT, SPOUSE], ['D-1', 'D-2'], 1_234],
      [[CHILD], [], 1_234],
      [[], [SPOUSE], 1_234],
    ]);
  });

  it('refuses when the list cannot be asked, and does not ask again', async () => {
    let calls = 0;
    const among = createProtectedPeople({
      deadline: 1,
      protection: { amongThem: () => ((calls += 1), Promise.reject(new ProtectionUnavailable('timeout'))) },
    });
    for (let time = 0; time < 2; time += 1) {
      const refusal = await rejected(among({ subjects: [ADULT], dwellings: [] }));
      expect(refusal).to.be.instanceOf(Refusal).that.includes({ code: 'PROTECTION_UNAVAILABLE' });
      expect((refusal as Refusal).reasons).to.deep.equal(['timeout']);
    }
    expect(calls).to.equal(1);
  });

  it('passes on a failure of its own as it is', async () => {
    const failure = new TypeError('a fault of ours');
    const among = createProtectedPeople({ deadline: 1, protection: { amongThem: () => Promise.reject(failure) } });
    expect(await rejected(among({ subjects: [ADULT], dwellings: [] }))).to.equal(failure);
  });
});
