import { expect } from 'chai';
import { policySetTextToParts } from '../../../policies/decision/cedar.js';
import { lineAt, lineOf, messageOf } from '../../../policies/decision/cedar-errors.js';

const errorsOf = (text: string) => {
  const answer = policySetTextToParts(text);
  return answer.type === 'failure' ? answer.errors : expect.fail('is Cedar');
};

describe('cedar-errors', () => {
  it('finds the line of an error, also behind letters of more than one byte', () => {
    const text = '// ҚАЗАҚСТАН РЕСПУБЛИКАСЫ\n// ҚАЗАҚСТАН\npermitt (principal, action, resource);\n\n';
    expect(lineOf(errorsOf(text), text)).to.equal(3);
  });

  it('knows no line where there is no error, or no place', () => {
    expect(lineOf([], 'a')).to.equal(undefined);
    const [error] = errorsOf('permitt;');
    expect(lineOf([{ ...error!, sourceLocations: [] }], 'permitt;')).to.equal(undefined);
  });

  it('counts lines from one', () => {
    expect([0, 2, 4, -1].map((index) => lineAt('a\nb\nc', index))).to.deep.equal([1, 2, 3, 1]);
  });

  it('joins the messages', () => {
    const [error] = errorsOf('permitt;');
    const named = (message: string) => ({ ...error!, message });
    expect(messageOf([named('one'), named('two')])).to.equal('one; two');
  });
});
