import { expect } from 'chai';
import { codeOf } from '../../schemas/error-code.js';

describe('the code of an error', () => {
  it('is what systems and databases call it', () => {
    for (const code of ['ECONNREFUSED', 'HPE_INVALID_CONSTANT', '57P01'])
      expect(codeOf(Object.assign(new Error('words'), { code }))).to.equal(code);
  });

  it('is nothing where there is none, or where it is no code', () => {
    for (const thrown of [
      undefined,
      null,
      'ECONNRESET',
      new Error('words'),
      { code: 7 },
      { code: 'some words' },
      { code: '' },
    ])
      expect(codeOf(thrown)).to.equal(undefined);
  });
});
