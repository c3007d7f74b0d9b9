import { expect } from 'chai';
import { DEMANDED_ASSURANCES, isAtLeast } from '../../schemas/assurance.js';
import { ASSURANCES } from '../../schemas/vocabulary.js';

describe('assurance', () => {
  it('has an order: each level is at least itself and every weaker one', () => {
    for (const [position, held] of ASSURANCES.entries())
      for (const [other, least] of ASSURANCES.entries())
        expect(isAtLeast(held, least), `${held} for ${least}`).to.equal(position >= other);
  });

  it('can be demanded at every level but none', () => {
    expect(DEMANDED_ASSURANCES).to.deep.equal(ASSURANCES.filter((level) => level !== 'none'));
  });
});
