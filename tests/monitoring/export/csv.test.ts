import { expect } from 'chai';
import { csvRecord } from '../../../monitoring/export/csv.js';

describe('csvRecord', () => {
  it('separates by commas and ends the line with CRLF', () => {
    expect(csvRecord(['a', 1, null, 'b'])).to.equal('a,1,,b\r\n');
  });

  for (const [cell, written] of [
    ['a,b', '"a,b"'],
    ['say "no"', '"say ""no"""'],
    ['two\nlines', '"two\nlines"'],
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', `"'\r=1"`],
    ['=HYPERLINK("x","y")', `"'=HYPERLINK(""x"",""y"")"`],
    ['a=1', 'a=1'],
  ] as const) {
    it(`writes ${JSON.stringify(cell)} so that it is text`, () => {
      expect(csvRecord([cell])).to.equal(`${written}\r\n`);
    });
  }
});
