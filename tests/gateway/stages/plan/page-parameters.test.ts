import { expect } from 'chai';
import { DEFAULT_PAGE, LONGEST_PAGE, readPage } from '../../../../gateway/stages/plan/page-parameters.js';
import { Refusal } from '../../../../schemas/refusal.js';

const CURSOR = Buffer.from('1772409600000000 11111111-1111-8111-8111-111111111111').toString('base64url');

const outcome = (query: string | undefined): unknown => {
  try {
    return readPage(query);
  } catch (error) {
    return error instanceof Refusal ? [error.code, ...error.reasons].join(' ') : error;
  }
};

describe('readPage', () => {
  for (const [query, expected] of [
    [undefined, { limit: DEFAULT_PAGE }],
    ['limit=1', { limit: 1 }],
    [`limit=${String(LONGEST_PAGE)}`, { limit: LONGEST_PAGE }],
    [`after=${CURSOR}`, { limit: DEFAULT_PAGE, after: CURSOR }],
    [`after=${CURSOR}&limit=07`, { limit: 7, after: CURSOR }],
    ['limit=0', 'BAD_USER_INPUT limit'],
    ['limit=101', 'BAD_USER_INPUT limit'],
    ['limit=', 'BAD_USER_INPUT limit'],
    ['limit=1e1', 'BAD_USER_INPUT limit'],
    ['limit=-1', 'BAD_USER_INPUT limit'],
    ['limit=1&limit=1', 'BAD_USER_INPUT limit'],
    ['after=', 'BAD_USER_INPUT after'],
    ['after=80010139001', 'BAD_USER_INPUT after'],
    [`after=${CURSOR}&after=${CURSOR}`, 'BAD_USER_INPUT after'],
    ['page=2', 'BAD_USER_INPUT unknown_parameter'],
  ] as const) {
    it(`reads ${query ?? 'no query'}`, () => expect(outcome(query)).to.deep.equal(expected));
  }
});
