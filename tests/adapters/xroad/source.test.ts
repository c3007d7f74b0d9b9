import { expect } from 'chai';
import { z } from 'zod';
import { xroadSource } from '../../../adapters/xroad/source.js';

const { service } = xroadSource.shape;
const GOOD = { instance: 'KZ', member_class: 'GOV', member_code: '1', subsystem: 'бизнес', service_code: 'persons' };

describe('the service of an X-Road source', () => {
  it('is named by five parts', () => {
    expect(service.parse(GOOD)).to.deep.equal(GOOD);
    expect(() => service.parse({ ...GOOD, subsystem: undefined })).to.throw(z.ZodError);
  });

  it('has no part that means something else in a path', () => {
    for (const part of ['', '.', '..', 'a/b', 'a\\b', 'a%2Fb', 'a:b', 'a;b', 'a\nb', 'x'.repeat(256)]) {
      expect(service.safeParse({ ...GOOD, service_code: part }).success, JSON.stringify(part)).to.equal(false);
    }
  });
});
