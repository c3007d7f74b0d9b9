import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { requestHash } from '../../../adapters/xroad/request-hash.js';

const ID = 'f92591a3-6bf0-49b1-987b-0dd78c034cc3';
const REQUEST = {
  method: 'POST',
  target: '/r1/KZ/GOV/1/business/persons/v1/read?x=1',
  headers: [
    ['X-Road-Client', 'KZ/GOV/2/tereze'],
    ['Content-Type', 'application/json; charset=utf-8'],
    ['Content-Length', '14'],
    ['Host', 'ss1:8080'],
    ['X-Road-Id', 'one'],
  ] as const,
  body: '{"iin":"none"}',
};

/** Written out as the reference implementation serialises it, apart from the code under test. */
const HEAD = `POST\r\n/r1/KZ/GOV/1/business/persons/v1/read?x=1\r\nX-Road-Client:KZ/GOV/2/tereze\r\nContent-Type:application/json; charset=utf-8\r\nX-Road-Id:one\r\nx-road-request-id:${ID}\r\n`;

describe('X-Road request hash', () => {
  const sha512 = (data: Buffer | string): Buffer => createHash('sha512').update(data).digest();

  it('is SHA512 over the hashes of head and body, base64', () => {
    expect(requestHash(REQUEST, ID)).to.equal(
      sha512(Buffer.concat([sha512(HEAD), sha512('{"iin":"none"}')])).toString('base64'),
    );
  });

  it('is that of the head alone where there is no body', () => {
    expect(requestHash({ ...REQUEST, body: '' }, ID)).to.equal(sha512(HEAD).toString('base64'));
  });

  for (const [what, changed] of Object.entries({
    'another body': { ...REQUEST, body: '{"iin":"nine"}' },
    'another target': { ...REQUEST, target: `${REQUEST.target}2` },
    'another method': { ...REQUEST, method: 'PUT' },
    'another header': { ...REQUEST, headers: [...REQUEST.headers, ['X-Road-UserId', 'KZ1'] as const] },
  })) {
    it(`differs for ${what}`, () => {
      expect(requestHash(changed, ID)).to.not.equal(requestHash(REQUEST, ID));
    });
  }

  it('differs for another request id', () => {
    expect(requestHash(REQUEST, 'another')).to.not.equal(requestHash(REQUEST, ID));
  });
});
