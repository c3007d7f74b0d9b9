import { expect } from 'chai';
import { configDigest } from '../../../gateway/config/config-digest.js';
import { parseConfig } from '../../../gateway/config/read-config.js';
import { LEAST_CONFIG } from './example.js';

describe('the digest of a configuration', () => {
  const digestOf = (text: string, file = '/etc/tereze/tereze.yaml', variables = {}): string =>
    configDigest(parseConfig(file, text, variables));
  const withUrl = (password: string): string =>
    digestOf(LEAST_CONFIG, undefined, { DATABASE_URL: `postgres://tereze:${password}@db/tereze` });

  it('is the same for the same settings, however they are written', () => {
    expect(digestOf(LEAST_CONFIG)).to.match(/^sha256:[0-9a-f]{64}$/);
    expect(digestOf(`# a comment\n${LEAST_CONFIG}\nlimits: {}\n`)).to.equal(digestOf(LEAST_CONFIG));
  });

  it('changes with a setting, a default that is overruled, and the place of a file', () => {
    expect(digestOf(`${LEAST_CONFIG}\nlimits: { answer_ms: 9000 }\n`)).to.not.equal(digestOf(LEAST_CONFIG));
    expect(digestOf(LEAST_CONFIG, '/etc/other/tereze.yaml')).to.not.equal(digestOf(LEAST_CONFIG));
  });

  it('says nothing of a password', () => {
    expect(withUrl('one')).to.equal(withUrl('two')).and.to.not.equal(digestOf(LEAST_CONFIG));
  });
});
