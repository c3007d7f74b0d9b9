import { expect } from 'chai';
import { logTimes } from '../../../gateway/http/exchange.js';
import { Refusal } from '../../../schemas/refusal.js';
import { listeningObserver, standingClock } from '../../doubles.js';
import { received } from '../stages/requests.js';

const RECEIPT = { log: 'tereze/0', index: 1, leafHash: 'e'.repeat(64), salt: 'a'.repeat(64) };

describe('the log line of a request', () => {
  const lineOf = (
    recorded: Parameters<typeof logTimes>[1],
    { isGone = false, isSent = true }: { readonly isGone?: boolean; readonly isSent?: boolean } = {},
  ) => {
    const observer = listeningObserver();
    const gone = new AbortController();
    const ends: (() => void)[] = [];
    const request = received({ signal: gone.signal });
    const connection = { ...request.connection, whenEnded: (end: () => void) => void ends.push(end) };
    logTimes({ ...request, connection }, recorded, { observer, clock: standingClock() });
    if (isGone) gone.abort();
    if (isSent) for (const end of ends) end();
    return observer.lines.map(({ event, fields }) => ({ event, ...fields }));
  };

  it('has both times at the client, and is written when the answer has left', () => {
    const recorded = { receipt: RECEIPT, refusal: undefined };
    expect(lineOf(recorded, { isSent: false })).to.deep.equal([]);
    expect(lineOf(recorded)).to.deep.equal([
      {
        event: 'request',
        requestId: received().requestId,
        surface: 'graphql',
        code: 'none',
        requestInTs: Date.parse('2026-11-23T10:00:00Z'),
        responseOutTs: standingClock().now().getTime(),
      },
    ]);
  });

  it('has the code of a refusal', () => {
    const [line] = lineOf({ receipt: RECEIPT, refusal: new Refusal('POLICY_DENIED') });
    expect(line).to.include({ code: 'POLICY_DENIED' });
  });

  it('says by what is missing that the client was gone before', () => {
    const [line] = lineOf({ receipt: RECEIPT, refusal: undefined }, { isGone: true });
    expect(line).to.include({ requestInTs: Date.parse('2026-11-23T10:00:00Z'), responseOutTs: undefined });
  });

  it('is not written for a request without an entry of its own', () => {
    expect(lineOf({ receipt: undefined, refusal: new Refusal('UNAUTHENTICATED') })).to.deep.equal([]);
  });
});
