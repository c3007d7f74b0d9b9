import { expect } from 'chai';
import { Slots } from '../../../gateway/admission/slots.js';
import type { RequestConnection } from '../../../gateway/request.js';
import { NO_ADMISSION, createAdmission } from '../../../gateway/admission/admission.js';
import { BeyondRate } from '../../../gateway/admission/beyond-rate.js';
import { CallerRates } from '../../../gateway/admission/rates.js';
import type { Authenticator } from '../../../gateway/auth/authenticator.js';
import { authenticateConsent } from '../../../gateway/stages/authenticate.js';
import { admit, admitConsent } from '../../../gateway/stages/admit.js';
import { Refusal } from '../../../schemas/refusal.js';
import type { Caller } from '../../../schemas/vocabulary.js';
import { standingClock } from '../../doubles.js';
import { rejection } from '../../rejection.js';
import { APPLICANT, authenticated, received } from './requests.js';

/** A connection that keeps what is to be called at its end. */
function connection(readBody: () => Promise<unknown>): RequestConnection & { readonly ends: (() => void)[] } {
  const ends: (() => void)[] = [];
  return { ends, known: () => undefined, slowDown: () => undefined, readBody, whenEnded: (end) => void ends.push(end) };
}

describe('admit', () => {
  it('adds the body, and keeps a slot until the answer has left', async () => {
    const slots = new Slots(1);
    const first = connection(async () => ({ query: '{ a }' }));
    const admitted = await admit(authenticated({ connection: first }), { slots, admission: NO_ADMISSION });
    expect(admitted.body).to.deep.equal({ query: '{ a }' });
    const second = connection(async () => ({}));
    const refusal = await rejection(admit(authenticated({ connection: second }), { slots, admission: NO_ADMISSION }));
    expect(refusal).to.be.instanceOf(Refusal).and.include({ code: 'OVERLOADED' });
    for (const end of first.ends) end();
    await admit(authenticated({ connection: second }), { slots, admission: NO_ADMISSION });
  });

  it('takes no slot while a body arrives, nor for one that is refused', async () => {
    const slots = new Slots(1);
    let arrive: (body: unknown) => void = () => undefined;
    const slow = connection(() => new Promise((resolve) => (arrive = resolve)));
    const waiting = admit(authenticated({ connection: slow }), { slots, admission: NO_ADMISSION });
    const broken = connection(() => Promise.reject(new Refusal('INVALID_JSON')));
    expect(
      await rejection(admit(authenticated({ connection: broken }), { slots, admission: NO_ADMISSION })),
    ).to.include({
      code: 'INVALID_JSON',
    });
    const quick = connection(async () => ({}));
    await admit(authenticated({ connection: quick }), { slots, admission: NO_ADMISSION });
    for (const end of quick.ends) end();
    arrive({});
    await waiting;
  });
});

describe('the rate of a caller', () => {
  const closed = new Slots(0);
  let now: number;
  beforeEach(() => (now = 0));

  function needs(limits: { requests_per_second: number; burst: number }) {
    const rates = new CallerRates({ ...standingClock(), monotonic: () => now });
    const systems = [
      { client_id: 'housing', agency: 'housing', weight: 2, ...limits },
      { client_id: 'window', weight: 1, ...limits },
    ];
    return { slots: new Slots(100), admission: createAdmission(systems, rates) };
  }

  const citizen = (person: string): Caller => ({ system: 'window', kind: 'citizen', assurance: 'high', person });

  it('is refused at once beyond its burst, without reading the body, with the time to wait', async () => {
    const dependencies = needs({ requests_per_second: 0.5, burst: 2 });
    const unread = connection(() => Promise.reject(new Error('read')));
    await admit(authenticated(), dependencies);
    await admit(authenticated(), dependencies);
    const refusal = await rejection(admit(authenticated({ connection: unread }), dependencies));
    expect(refusal).to.include({ code: 'RATE_LIMITED', retryAfterS: 2 });
    now += 2_000;
    await admit(authenticated(), dependencies);
  });

  it('is looked at before a proof is verified, and nothing is counted for that', async () => {
    const dependencies = needs({ requests_per_second: 1, burst: 2 });
    const { caller } = authenticated();
    for (let times = 0; times < 10; times += 1) dependencies.admission.assertMayAsk(caller);
    await admit(authenticated(), dependencies);
    dependencies.admission.assertMayAsk(caller);
    await admit(authenticated(), dependencies);
    expect(() => dependencies.admission.assertMayAsk(caller))
      .to.throw(BeyondRate)
      .and.include({ code: 'RATE_LIMITED', retryAfterS: 1, caller });
    now += 1_000;
    await admit(authenticated(), dependencies);
  });

  it('is not looked at for a withdrawal', async () => {
    const { admission } = needs({ requests_per_second: 1, burst: 1 });
    const { caller, ...rest } = authenticated();
    await admit(authenticated(), { admission, slots: new Slots(1) });
    const looked: boolean[] = [];
    const authenticator: Authenticator = {
      authenticate: async (_credentials, _origin, assertMayAsk) => {
        looked.push(assertMayAsk !== undefined);
        assertMayAsk?.(caller);
        return { caller, purpose: rest.purpose, case: rest.case, token: rest.token, proof: rest.proof };
      },
      warmUp: async () => [],
    };
    const acting = (act: string) => received({ http: { ...rest.http, parameters: { act } } });
    await authenticateConsent(acting('withdraw'), { authenticator, admission });
    const refused = await rejection(authenticateConsent(acting('confirm'), { authenticator, admission }));
    expect(refused).to.include({ code: 'RATE_LIMITED' });
    expect(looked).to.deep.equal([false, true]);
  });

  it('counts a refused request twice', async () => {
    const dependencies = needs({ requests_per_second: 1, burst: 4 });
    const refused = authenticated();
    for (let times = 0; times < 2; times += 1) {
      await admit(refused, dependencies);
      dependencies.admission.chargeRefusal(refused.caller, 0);
    }
    expect(await rejection(admit(refused, dependencies))).to.include({ code: 'RATE_LIMITED', retryAfterS: 1 });
  });

  it('counts a refused request once more for every five people that its entry names', async () => {
    const waitFor = async (people: number): Promise<number> => {
      const dependencies = needs({ requests_per_second: 1, burst: 1 });
      const refused = authenticated();
      await admit(refused, dependencies);
      dependencies.admission.chargeRefusal(refused.caller, people);
      return ((await rejection(admit(refused, dependencies))) as BeyondRate).retryAfterS ?? 0;
    };
    expect(await Promise.all([0, 4, 5, 9, 10, 100].map(waitFor))).to.deep.equal([2, 2, 3, 3, 4, 22]);
  });

  it('is that of each citizen where citizens sign in, and takes a withdrawal always', async () => {
    const dependencies = needs({ requests_per_second: 1, burst: 1 });
    const one = authenticated({ caller: citizen('1') });
    const admitted = await admitConsent(one, dependencies);
    expect(await rejection(admitConsent(one, dependencies))).to.include({ code: 'RATE_LIMITED' });
    const other = await admitConsent(authenticated({ caller: citizen('2') }), dependencies);
    expect(other.claimant.caller).to.equal(admitted.claimant.caller);
    expect(other.claimant.member).to.not.equal(admitted.claimant.member);
    const acting = (act: string) => ({
      ...one,
      http: { ...one.http, parameters: { id: '11111111-1111-4111-8111-111111111111', act } },
    });
    expect(await rejection(admitConsent(acting('confirm'), dependencies))).to.include({ code: 'RATE_LIMITED' });
    const withdrawal = await admitConsent(acting('withdraw'), dependencies);
    expect(withdrawal.claimant).to.deep.equal(admitted.claimant);
  });

  it('names the party that the work counts for, with its weight and without a number of a person', async () => {
    const dependencies = needs({ requests_per_second: 1, burst: 9 });
    const { claimant } = await admit(authenticated(), dependencies);
    expect(claimant).to.deep.equal({ caller: 'housing housing', weight: 2 });
    const asCitizen = await admit(authenticated({ caller: citizen(APPLICANT) }), dependencies);
    expect(JSON.stringify(asCitizen.claimant)).to.not.include(APPLICANT);
  });

  it('is not asked of a caller that waits for a slot and goes away', async () => {
    const { admission } = needs({ requests_per_second: 1, burst: 9 });
    const gone = authenticated({ signal: AbortSignal.abort() });
    expect(await rejection(admit(gone, { admission, slots: closed }))).to.include({ code: 'CLIENT_GONE' });
  });
});
