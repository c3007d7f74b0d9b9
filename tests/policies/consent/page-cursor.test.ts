import { expect } from 'chai';
import { cursorOf, isPageCursor, pageEndOf } from '../../../policies/consent/page-cursor.js';

describe('isPageCursor', () => {
  it('knows its own form only', () => {
    const plain = '1772409600000000 11111111-1111-8111-8111-111111111111';
    expect(isPageCursor(Buffer.from(plain).toString('base64url'))).to.equal(true);
    for (const other of ['', 'x', plain, Buffer.from(`${plain} `).toString('base64url'), '\0'])
      expect(isPageCursor(other), other).to.equal(false);
  });

  it('is what pages end with', () => {
    const end = { firstGiven: '1772409600000001', id: '11111111-1111-8111-8111-111111111111' };
    expect(isPageCursor(cursorOf(end))).to.equal(true);
    expect(pageEndOf(cursorOf(end))).to.deep.equal(end);
    expect(() => pageEndOf('x')).to.throw('no cursor');
  });
});
