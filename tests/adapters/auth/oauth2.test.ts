import { expect } from 'chai';
import { oauth2Credentials } from '../../../adapters/auth/oauth2.js';
import type { Credentials, Presented } from '../../../adapters/auth/port.js';
import { TokenServerBusy, type AccessToken } from '../../../adapters/auth/token-server.js';
import { RegisterFailure } from '../../../adapters/port.js';
import { HttpFailure } from '../../../schemas/ports/http-client.js';
import { standingClock } from '../../doubles.js';
import { rejection } from '../../rejection.js';

/** A token server that answers when the test says so, and a clock that the test moves. */
function underTest(): {
  readonly credentials: Credentials;
  readonly asked: { answer(token: AccessToken): void; fail(error: unknown): void }[];
  readonly state: { now: number; closed: number };
} {
  const asked: { answer(token: AccessToken): void; fail(error: unknown): void }[] = [];
  const state = { now: 0, closed: 0 };
  const credentials = oauth2Credentials({
    register: 'business',
    server: {
      requestToken: () => new Promise((answer, fail) => asked.push({ answer, fail })),
    },
    clock: { ...standingClock(), monotonic: () => state.now },
    close: () => (state.closed += 1),
  });
  return { credentials, asked, state };
}

const SOON = { deadline: 5_000 };
const bearer = (token: string): Presented => ({ headers: { Authorization: `Bearer ${token}` } });
const failure = async (caught: Promise<unknown>): Promise<unknown> => {
  const error = await rejection(caught);
  expect(error).to.be.instanceOf(RegisterFailure);
  const { kind, reason, retryAfterMs } = error as RegisterFailure;
  return { kind, reason, retryAfterMs };
};

describe('a token by client credentials', () => {
  it('is fetched once for all callers that wait, and is there for the next', async () => {
    const { credentials, asked } = underTest();
    expect(credentials.current()).to.equal(undefined);
    const waiting = [credentials.fetch(SOON), credentials.fetch(SOON), credentials.fetch(SOON)];
    expect(asked).to.have.length(1);
    asked[0]?.answer({ token: 'first', lifetimeSeconds: 600 });
    for (const one of await Promise.all(waiting)) expect(one).to.deep.equal(bearer('first'));
    expect(credentials.current()).to.deep.equal(bearer('first'));
    expect(asked).to.have.length(1);
  });

  for (const { lifetimeSeconds, last } of [
    { lifetimeSeconds: 3_600, last: 3_570_000 },
    { lifetimeSeconds: 10, last: 9_000 },
    { lifetimeSeconds: undefined, last: 270_000 },
  ]) {
    it(`that lives for ${lifetimeSeconds ?? 'an unstated number of'} seconds is used for ${last} ms after it was asked for`, async () => {
      const { credentials, asked, state } = underTest();
      const fetched = credentials.fetch(SOON);
      state.now = 200;
      asked[0]?.answer({ token: 'first', lifetimeSeconds });
      await fetched;
      state.now = last - 1;
      expect(credentials.current()).to.deep.equal(bearer('first'));
      state.now = last;
      expect(credentials.current()).to.equal(undefined);
    });
  }

  it('is not replaced twice in half a minute by a register that refuses every one', async () => {
    const { credentials, asked, state } = underTest();
    const next = async (token: string): Promise<Presented> => {
      const fetched = credentials.fetch(SOON);
      asked.at(-1)?.answer({ token, lifetimeSeconds: 600 });
      return fetched;
    };
    expect(credentials.refused(await next('first'))).to.equal(true);
    const second = await next('second');
    // Those who were refused with the first one have a second try with the newer one.
    expect(credentials.refused(bearer('first'))).to.equal(true);
    for (const now of [0, 1, 29_999]) {
      state.now = now;
      expect(credentials.refused(second)).to.equal(false);
      expect(credentials.current()).to.equal(second);
    }
    state.now = 30_000;
    expect(credentials.refused(second)).to.equal(true);
    expect(credentials.current()).to.equal(undefined);
    expect(credentials.refused(await next('third'))).to.equal(false);
    expect(asked).to.have.length(3);
  });

  it('is dropped when the register refuses it, but not for the refusal of the one before', async () => {
    const { credentials, asked } = underTest();
    const fetched = credentials.fetch(SOON);
    asked[0]?.answer({ token: 'first', lifetimeSeconds: 600 });
    const first = await fetched;
    expect(credentials.refused(first)).to.equal(true);
    expect(credentials.current()).to.equal(undefined);
    const again = credentials.fetch(SOON);
    asked[1]?.answer({ token: 'second', lifetimeSeconds: 600 });
    await again;
    expect(credentials.refused(first)).to.equal(true);
    expect(credentials.current()).to.deep.equal(bearer('second'));
  });

  it('that could not be fetched is asked for again by the next caller', async () => {
    const { credentials, asked } = underTest();
    const fetched = failure(credentials.fetch(SOON));
    asked[0]?.fail(new HttpFailure('transport', 'ECONNREFUSED'));
    expect(await fetched).to.include({ reason: 'connect_refused' });
    const again = credentials.fetch(SOON);
    asked[1]?.answer({ token: 'second', lifetimeSeconds: 600 });
    expect(await again).to.deep.equal(bearer('second'));
  });

  it('is waited for until the deadline of each caller, and fetched for the others', async () => {
    const { credentials, asked, state } = underTest();
    const hurried = failure(credentials.fetch({ deadline: state.now + 5 }));
    const patient = credentials.fetch(SOON);
    expect(await hurried).to.include({ kind: 'timeout', reason: 'deadline' });
    asked[0]?.answer({ token: 'first', lifetimeSeconds: 600 });
    expect(await patient).to.deep.equal(bearer('first'));
  });

  it('is waited for until the caller is gone', async () => {
    const { credentials, asked } = underTest();
    const gone = new AbortController();
    const caught = failure(credentials.fetch({ ...SOON, signal: gone.signal }));
    gone.abort();
    expect(await caught).to.include({ kind: 'cancelled', reason: undefined });
    expect(await failure(credentials.fetch({ ...SOON, signal: gone.signal }))).to.include({ kind: 'cancelled' });
    asked[0]?.fail(new Error('no one waits'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(credentials.current()).to.equal(undefined);
  });

  for (const { what, error, expected } of [
    {
      what: 'refuses',
      error: new Error('invalid_client: s3cret'),
      expected: { kind: 'denied', reason: 'token_refused' },
    },
    {
      what: 'sends too much',
      error: new HttpFailure('too_large'),
      expected: { kind: 'denied', reason: 'token_refused' },
    },
    { what: 'is too slow', error: new HttpFailure('timeout'), expected: { kind: 'timeout', reason: 'deadline' } },
    {
      what: 'cannot be connected to in time',
      error: new HttpFailure('timeout', 'ETIMEDOUT'),
      expected: { kind: 'timeout', reason: 'connect_timeout' },
    },
    {
      what: 'has another certificate',
      error: new Error('wrapped', { cause: new HttpFailure('transport', 'CERT_HAS_EXPIRED') }),
      expected: { kind: 'transport', reason: 'tls_expired' },
    },
    {
      what: 'is busy',
      error: new Error('wrapped', { cause: new TokenServerBusy('3') }),
      expected: { kind: 'overloaded', reason: 'overloaded', retryAfterMs: 3_000 },
    },
  ]) {
    it(`says of a token server that ${what}: ${expected.reason}, and nothing that it sent`, async () => {
      const { credentials, asked } = underTest();
      const caught = rejection(credentials.fetch(SOON));
      asked[0]?.fail(error);
      const told = (await caught) as RegisterFailure;
      expect(told).to.include(expected);
      expect(JSON.stringify([told.message, told.stack, told.cause])).to.not.include('s3cret');
    });
  }

  it('closes the connections to the token server', () => {
    const { credentials, state } = underTest();
    credentials.close();
    expect(state.closed).to.equal(1);
  });
});
