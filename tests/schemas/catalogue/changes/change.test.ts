import { expect } from 'chai';
import { sortedChanges, type Criticality } from '../../../../schemas/catalogue/changes/change.js';

const change = (criticality: Criticality, path: string, message = '') => ({ criticality, path, message, type: 'T' });

describe('changes of a schema', () => {
  it('stand with the gravest first, then by path and message', () => {
    const sorted = sortedChanges([
      change('safe', 'A.a'),
      change('dangerous', 'B.b', 'y'),
      change('breaking', 'C.c'),
      change('dangerous', 'B.b', 'x'),
      change('dangerous', 'A.a'),
    ]);
    expect(sorted.map(({ criticality, path, message }) => `${criticality} ${path} ${message}`.trim())).to.deep.equal([
      'breaking C.c',
      'dangerous A.a',
      'dangerous B.b x',
      'dangerous B.b y',
      'safe A.a',
    ]);
  });
});
