import { expect } from 'chai';
import { cursorText, parseCursor } from '../../../../monitoring/audit/search/cursor.js';
import { SearchRefused } from '../../../../monitoring/audit/search/filter.js';

const POSITION = { at: '2026-11-23T10:00:00.000001Z', log: 'tereze/3', index: 42 };
const FILTER = { agency: 'housing', tokens: ['ab'] };

describe('a cursor of a search', () => {
  it('comes back as it was', () => {
    const cursor = { position: POSITION, since: '2026-10-24T10:00:00.000Z' };
    expect(parseCursor(cursorText(cursor, FILTER), FILTER)).to.deep.equal(cursor);
  });

  it('is the same in any order of the filters', () => {
    const text = cursorText({ position: POSITION }, { purpose: 'p', agency: 'a' });
    expect(parseCursor(text, { agency: 'a', purpose: 'p' }).position).to.deep.equal(POSITION);
  });

  it('holds no token', () => {
    const text = cursorText({ position: POSITION }, { tokens: ['deadbeefdeadbeef'] });
    expect(Buffer.from(text, 'base64url').toString()).not.to.include('deadbeef');
  });

  for (const other of [{ agency: 'social', tokens: ['ab'] }, { agency: 'housing' }, {}, { ...FILTER, log: 'tereze/0' }])
    it(`is refused by a search with ${JSON.stringify(other)}`, () => {
      expect(() => parseCursor(cursorText({ position: POSITION }, FILTER), other))
        .to.throw(SearchRefused)
        .with.property('fault', 'cursor_of_other_search');
    });

  it('is refused when any one of its characters is another', () => {
    const text = cursorText({ position: POSITION }, FILTER);
    for (let at = 0; at < text.length; at += 1) {
      const changed = `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
      // The last character of a part may have bits that mean nothing.
      if (Buffer.from(changed, 'base64url').equals(Buffer.from(text, 'base64url'))) continue;
      expect(() => parseCursor(changed, FILTER), changed).to.throw(SearchRefused);
    }
  });

  for (const broken of ['', 'x', '.', 'e30.AAAA', '🙂', cursorText({ position: POSITION }, FILTER).slice(0, -1)])
    it(`is refused if it is ${JSON.stringify(broken)}`, () => {
      expect(() => parseCursor(broken, FILTER))
        .to.throw(SearchRefused)
        .with.property('fault', 'cursor_broken');
    });
});
