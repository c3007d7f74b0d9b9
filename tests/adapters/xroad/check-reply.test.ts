import { expect } from 'chai';
import { checkReply, refuseDuplicates, type Asked } from '../../../adapters/xroad/check-reply.js';
import { requestHash } from '../../../adapters/xroad/request-hash.js';

const REQUEST_ID = 'f92591a3-6bf0-49b1-987b-0dd78c034cc3';
const ASKED: Asked = {
  id: '6f1c0f4e-0000-4000-8000-000000000001',
  client: ['KZ', 'GOV', '1', 'tereze'],
  service: ['KZ', 'GOV', '2', 'бизнес', 'persons'],
  request: {
    method: 'POST',
    target: '/r1/KZ/GOV/2/b/persons/v1/read',
    headers: [['X-Road-Client', 'KZ/GOV/1/tereze']],
    body: '{"iin":"none"}',
  },
};
const GOOD: Readonly<Record<string, string>> = {
  'x-road-id': ASKED.id,
  'x-road-client': 'KZ/GOV/1/tereze',
  'x-road-service': `KZ/GOV/2/${encodeURIComponent('бизнес')}/persons`,
  'x-road-request-id': REQUEST_ID,
  'x-road-request-hash': requestHash(ASKED.request, REQUEST_ID),
};

const HASH = 'x-road-request-hash';

describe('the check of an X-Road reply', () => {
  it('gives the id under which the security servers keep the exchange', () => {
    expect(checkReply({ headers: GOOD }, ASKED)).to.deep.equal({ requestId: REQUEST_ID, hasOurHash: true });
  });

  for (const name of Object.keys(GOOD).filter((one) => one !== HASH)) {
    it(`takes no reply without ${name}`, () => {
      expect(() => checkReply({ headers: { ...GOOD, [name]: undefined } }, ASKED))
        .to.throw()
        .with.property('reason', name === 'x-road-id' ? 'correlation_mismatch' : 'xroad_header');
    });
  }

  it('tells our hash from none, from that of another request or exchange, and from a part of ours', () => {
    const another = requestHash({ ...ASKED.request, body: '{"iin":"nine"}' }, REQUEST_ID);
    const elsewhere = requestHash(ASKED.request, '00000000-0000-4000-8000-000000000000');
    for (const hash of [another, elsewhere, GOOD[HASH]?.slice(0, -1), '', undefined]) {
      expect(checkReply({ headers: { ...GOOD, [HASH]: hash } }, ASKED)).to.have.property('hasOurHash', false);
    }
  });

  it('takes no request id that a person’s number could stand in', () => {
    const requestId = '900903491027';
    const headers = {
      ...GOOD,
      'x-road-request-id': requestId,
      'x-road-request-hash': requestHash(ASKED.request, requestId),
    };
    expect(() => checkReply({ headers }, ASKED))
      .to.throw()
      .with.property('reason', 'xroad_header');
  });
});

describe('repeated headers of X-Road', () => {
  it('are refused, however they are written and even where they agree', () => {
    for (const headers of [
      { 'x-road-id': ['a', 'a'] },
      { date: 'now', 'x-road-error': ['Client.X', 'Server.ServerProxy.X'] },
    ]) {
      expect(() => refuseDuplicates({ headers }))
        .to.throw()
        .with.property('reason', 'xroad_header');
    }
  });

  it('are told from values that look like names, and from headers of others', () => {
    expect(() => refuseDuplicates({ headers: { 'x-road-id': 'X-Road-Id', via: ['a', 'b'] } })).to.not.throw();
  });
});
