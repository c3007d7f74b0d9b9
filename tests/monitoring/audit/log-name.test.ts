import { expect } from 'chai';
import { publicLogName, storedLogName } from '../../../monitoring/audit/log-name.js';

const ORIGIN = 'log.example.kz/tereze';

describe('the name of a log', () => {
  it('is for others that of the installation with its number', () => {
    expect(publicLogName('tereze/12', ORIGIN)).to.equal('log.example.kz/tereze/12');
    expect(publicLogName('tereze/12', undefined)).to.equal('tereze/12');
  });

  it('leads back to the log, in either form', () => {
    for (const name of ['tereze/12', `${ORIGIN}/12`]) expect(storedLogName(name, ORIGIN)).to.equal('tereze/12');
    expect(storedLogName('tereze/0', undefined)).to.equal('tereze/0');
  });

  for (const name of [
    'other.example/tereze/12',
    'tereze',
    '/12',
    `${ORIGIN}/012`,
    `${ORIGIN}/-1`,
    `${ORIGIN}/1e3`,
    '',
    `x${ORIGIN}/1`,
    'tereze/9999999999',
  ])
    it(`leads from ${JSON.stringify(name)} to none`, () => {
      expect(storedLogName(name, ORIGIN)).to.equal(undefined);
    });

  it('of another installation is none here, nor where the installation has no name', () => {
    expect(storedLogName(`${ORIGIN}/1`, undefined)).to.equal(undefined);
  });
});
