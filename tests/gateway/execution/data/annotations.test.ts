import { expect } from 'chai';
import { addNote, type RecordNote } from '../../../../gateway/execution/data/annotations.js';

const finding = (rule: string) => ({ rule, dimension: 'conformity', severity: 'error', field: '' }) as const;
const note = (verdict: RecordNote['verdict'], ...rules: string[]): RecordNote => ({
  register: 'r',
  type: 'T',
  verdict,
  findings: rules.map(finding),
});

describe('record notes', () => {
  it('are one verdict per register and type: the worst, with every finding once', () => {
    const notes: RecordNote[] = [];
    for (const one of [
      note('not_evaluated'),
      note('flagged', 'a'),
      note('pass'),
      note('rejected', 'a', 'b'),
      { ...note('pass'), register: 'other' },
    ])
      addNote(notes, one);
    expect(
      notes.map(
        ({ register, verdict, findings }) => `${register} ${verdict} ${findings.map(({ rule }) => rule).join()}`,
      ),
    ).to.deep.equal(['r rejected a,b', 'other pass ']);
  });
});
