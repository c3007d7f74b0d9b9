import { expect } from 'chai';
import { fixedCredentials, NO_CREDENTIALS } from '../../../adapters/auth/fixed.js';
import type { Credentials, Presented } from '../../../adapters/auth/port.js';
import { presentedUrl, withCredentials } from '../../../adapters/auth/with-credentials.js';
import { RegisterFailure } from '../../../adapters/port.js';
import { rejection } from '../../rejection.js';

const LIMITS = { deadline: 1_000 };
const of = (token: string): Presented => ({ headers: { Authorization: token } });
const REFUSED = new RegisterFailure('business', 'credentials_refused');

/** Credentials that give these tokens, one after another: the next when one was refused. */
function rotating(...tokens: string[]): Credentials & { readonly fetched: string[] } {
  const fetched: string[] = [];
  let current: Presented | undefined;
  return {
    fetched,
    current: () => current,
    fetch: async () => {
      const token = tokens.shift() ?? '';
      fetched.push(token);
      return (current = of(token));
    },
    refused: (presented) => {
      if (presented === current) current = undefined;
      return true;
    },
    close: () => undefined,
  };
}

describe('a message with credentials', () => {
  it('carries what is there, or what is fetched', async () => {
    const credentials = rotating('first', 'second');
    const send = async (presented: Presented): Promise<unknown> => presented;
    expect(await withCredentials(credentials, LIMITS, send)).to.deep.equal(of('first'));
    expect(await withCredentials(credentials, LIMITS, send)).to.deep.equal(of('first'));
    expect(credentials.fetched).to.deep.equal(['first']);
  });

  it('is sent once more after a 401, with others, and not a third time', async () => {
    const credentials = rotating('first', 'second', 'third');
    const sent: Presented[] = [];
    const refusing = async (presented: Presented): Promise<never> => {
      sent.push(presented);
      throw REFUSED;
    };
    expect(await rejection(withCredentials(credentials, LIMITS, refusing))).to.equal(REFUSED);
    expect(sent).to.deep.equal([of('first'), of('second')]);
  });

  it('is not sent again with credentials that stay the same', async () => {
    let sent = 0;
    const refusing = async (): Promise<never> => {
      sent += 1;
      throw REFUSED;
    };
    for (const credentials of [NO_CREDENTIALS, fixedCredentials(of('key'))])
      expect(await rejection(withCredentials(credentials, LIMITS, refusing))).to.equal(REFUSED);
    expect(sent).to.equal(2);
  });

  for (const reason of ['access_refused', 'status_unexpected', 'deadline'] as const) {
    it(`is not sent again after ${reason}`, async () => {
      const credentials = rotating('first', 'second');
      const failure = new RegisterFailure('business', reason);
      let sent = 0;
      const failing = async (): Promise<never> => {
        sent += 1;
        throw failure;
      };
      expect(await rejection(withCredentials(credentials, LIMITS, failing))).to.equal(failure);
      expect([sent, credentials.fetched]).to.deep.equal([1, ['first']]);
    });
  }

  it('is not sent without the credentials', async () => {
    const failure = new RegisterFailure('business', 'token_refused');
    const credentials: Credentials = { ...rotating(), fetch: () => Promise.reject(failure) };
    const sent = (): Promise<never> => Promise.reject(new Error('was sent'));
    expect(await rejection(withCredentials(credentials, LIMITS, sent))).to.equal(failure);
  });
});

describe('an address with a key', () => {
  const keyed = (url: string, name: string, value: string): string =>
    presentedUrl(new URL(url), { headers: {}, query: { name, value } }).href;

  it('has one parameter more for any key', () => {
    expect(keyed('https://r.example/a', 'key', 'k')).to.equal('https://r.example/a?key=k');
    expect(keyed('https://r.example/a?b=%20c', 'key', 'k&x=y #%')).to.equal(
      'https://r.example/a?b=%20c&key=k%26x%3Dy%20%23%25',
    );
    expect(keyed('https://r.example/a', 'api key', "it's")).to.equal('https://r.example/a?api%20key=it%27s');
  });

  it('is the same without one', () => {
    const url = new URL('https://r.example/a');
    expect(presentedUrl(url, { headers: {} })).to.equal(url);
  });
});
