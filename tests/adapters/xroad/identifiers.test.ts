import { expect } from 'chai';
import { encodeIdentifier, namesIdentifier } from '../../../adapters/xroad/identifiers.js';

describe('X-Road identifiers', () => {
  it('are encoded part by part', () => {
    expect(encodeIdentifier(['KZ', 'GOV', '1', 'бизнес тізілімі', 'a?b+c'])).to.equal(
      'KZ/GOV/1/%D0%B1%D0%B8%D0%B7%D0%BD%D0%B5%D1%81%20%D1%82%D1%96%D0%B7%D1%96%D0%BB%D1%96%D0%BC%D1%96/a%3Fb%2Bc',
    );
  });

  it('are the same with each way of escaping', () => {
    for (const header of ['KZ/GOV/a+b', 'KZ/GOV/a%2Bb', '%4bZ/GOV/a%2bb'])
      expect(namesIdentifier(header, ['KZ', 'GOV', 'a+b']), header).to.equal(true);
  });

  it('are others with a part more, less, moved, in another case, or badly escaped', () => {
    for (const header of [
      undefined,
      '',
      'KZ/GOV',
      'KZ/GOV/a/',
      '/KZ/GOV/a',
      'KZ/GOV%2Fa',
      'kz/GOV/a',
      'KZ/GOV/%61%',
      'KZ/GOV/a, KZ/GOV/a',
    ]) {
      expect(namesIdentifier(header, ['KZ', 'GOV', 'a']), header).to.equal(false);
    }
  });
});
