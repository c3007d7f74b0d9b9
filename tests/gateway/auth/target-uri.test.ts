import { expect } from 'chai';
import { targetUri } from '../../../gateway/auth/target-uri.js';

describe('targetUri', () => {
  it('gives one form to what is the same address', () => {
    for (const text of [
      'https://tereze.example/graphql',
      'HTTPS://Tereze.Example:443/graphql',
      'https://tereze.example/x/../graphql',
      'https://tereze.example/%67raphql?a#b',
    ]) {
      expect(targetUri(text), text).to.equal('https://tereze.example/graphql');
    }
    expect(targetUri('https://tereze.example/a%2fb')).to.equal('https://tereze.example/a%2Fb');
  });

  it('keeps apart what is not', () => {
    for (const text of [
      'https://tereze.example/Graphql',
      'https://tereze.example/graphql/',
      'https://tereze.example:444/graphql',
      'http://tereze.example/graphql',
      'https://tereze.example/graph%2Fql',
    ]) {
      expect(targetUri(text), text).not.to.equal('https://tereze.example/graphql');
    }
  });

  it('takes no address with a user, of another scheme, or that is none', () => {
    for (const text of [
      'https://a@tereze.example/',
      'https://a:b@tereze.example/',
      'ftp://tereze.example/',
      'graphql',
      '',
      `https://tereze.example/${'x'.repeat(2_048)}`,
    ]) {
      expect(targetUri(text), text).to.equal(undefined);
    }
  });
});
