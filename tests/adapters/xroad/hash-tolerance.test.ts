import { expect } from 'chai';
import { hashMismatch, hashTolerance } from '../../../adapters/xroad/hash-tolerance.js';
import { xroadSource } from '../../../adapters/xroad/source.js';
import { SOURCE } from './business.js';

const WARN = { action: 'warn', reason: 'a proxy renames headers', until: '2027-01-31' } as const;
const SECURE = { url: 'https://ss.example', tls: { cert_file: 'c', key_file: 'k' } };

describe('a wrong request hash of X-Road', () => {
  it('is refused unless the settings say otherwise, with a reason and a last day', () => {
    expect(hashTolerance(undefined, SOURCE, SECURE)).to.equal(undefined);
    expect(hashTolerance('refuse', SOURCE, SECURE)).to.equal(undefined);
    expect(hashTolerance(WARN, SOURCE, SECURE)).to.deep.equal(WARN);
    for (const wrong of ['warn', { action: 'warn' }, { ...WARN, reason: '' }, { ...WARN, until: 'soon' }])
      expect(hashMismatch.safeParse(wrong).success, JSON.stringify(wrong)).to.equal(false);
  });

  it('is taken over TLS with our certificate only', () => {
    for (const connection of [
      { ...SECURE, url: 'http://ss.example' },
      { url: SECURE.url },
      { url: SECURE.url, tls: { cert_file: 'c' } },
    ])
      expect(() => hashTolerance(WARN, SOURCE, connection)).to.throw('needs https and our certificate');
  });

  const mapping = (change: { fields?: object; roots?: object; batch?: object }) =>
    xroadSource.parse({
      protocol: 'xroad',
      service: SOURCE.service,
      operations: {
        people: {
          request: { method: 'POST', path: '/people', body: { iins: '{iin[]}' } },
          batch: { max: 5, answer: 'ordered', ...change.batch },
          answer: { items: ['items'] },
        },
        offices: { request: { path: '/offices' }, answer: { items: [] } },
      },
      roots: change.roots ?? {},
      types: {
        Citizen: { key: 'iin', batch: 'people', fields: change.fields ?? { iin: 'number' } },
        Office: { fields: { name: 'name' } },
      },
    });

  it('is taken only where each record has the key that was asked', () => {
    expect(hashTolerance(WARN, mapping({}), SECURE)).to.deep.equal(WARN);
    const noKey = { fields: { iin: { not_provided: 'no number in the record' } } };
    expect(() => hashTolerance(WARN, mapping(noKey), SECURE)).to.throw('which people does not have');
    expect(hashTolerance(WARN, mapping({ ...noKey, batch: { key: ['n'] } }), SECURE)).to.deep.equal(WARN);
    const offices = { roots: { offices: { operation: 'offices' } } };
    expect(() => hashTolerance(WARN, mapping(offices), SECURE)).to.throw('which offices does not have');
  });
});
