import { expect } from 'chai';
import { PolicyFileInvalid } from '../../../policies/decision/policy-file-invalid.js';
import { readPolicySet } from '../../../policies/decision/policy-set.js';

const notes = (id: string): string => `@id("${id}") @law("L") @basis("any") @title("T")`;
const policy = (id: string): string => `${notes(id)} permit (principal, action, resource);`;
const read = (...texts: string[]) => readPolicySet(texts.map((text, index) => ({ file: `${index}.cedar`, text })));

describe('policy-set', () => {
  it('splits files into policies by their ids, sorted', () => {
    const policies = read(`${policy('b')}\n${policy('a')}`, `// a comment\n${policy('c')}`);
    expect(policies.map(({ id, law, basis, title, effect }) => ({ id, law, basis, title, effect }))).to.deep.equal(
      ['a', 'b', 'c'].map((id) => ({ id, law: 'L', basis: 'any', title: 'T', effect: 'permit' })),
    );
  });

  it('knows file and line of each policy', () => {
    const many = Array.from({ length: 12 }, (_, index) => `// Ң\n${policy(String(index))}`);
    const policies = read(policy('z'), many.join('\n'));
    const lines = Object.fromEntries(policies.map(({ id, file, line }) => [id, `${file}:${line}`]));
    expect(lines).to.include({ z: '0.cedar:1', 0: '1.cedar:2', 2: '1.cedar:6', 11: '1.cedar:24' });
  });

  const faults: Record<string, { texts: string[]; says: string }> = {
    'an id given twice in a file': { texts: [policy('a') + policy('a')], says: '0.cedar: the id "a" is given twice' },
    'an id given twice across files': { texts: [policy('a'), policy('a')], says: '1.cedar: the id "a" is given twice' },
    'no id': { texts: [policy('a').replace('@id("a")', '')], says: 'lacks @id' },
    'an empty id': { texts: [policy('')], says: 'lacks @id' },
    'no law': { texts: [policy('a').replace('@law("L")', '')], says: 'lacks @law' },
    'no basis': { texts: [policy('a').replace('@basis("any")', '')], says: 'lacks @basis' },
    'no title': { texts: [policy('a').replace('@title("T")', '')], says: 'lacks @title' },
    'a template': { texts: [`${notes('a')} permit (principal == ?principal, action, resource);`], says: 'templates' },
    'a text that is not Cedar': {
      texts: [`${policy('a')}\n\npermitt (principal, action, resource);`],
      says: '0.cedar:3: ',
    },
    'no policy at all': { texts: ['// nothing'], says: 'no policy' },
    'no file': { texts: [], says: 'no policy' },
  };
  for (const [name, { texts, says }] of Object.entries(faults)) {
    it(`refuses ${name}`, () => {
      expect(() => read(...texts)).to.throw(PolicyFileInvalid, says);
    });
  }
});
