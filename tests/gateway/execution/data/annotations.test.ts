import { expect } from 'chai';
import { addNote, Annotations, type RecordNote } from '../../../../gateway/execution/data/annotations.js';

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

describe('annotations', () => {
  const WITHHELD = { code: 'CONSENT_REQUIRED', category: 'a' } as const;
  const FAILED = { code: 'GATEWAY_TIMEOUT', serviceName: 'r' } as const;

  it('keep the first fault of a value: a withheld value never becomes a failure', () => {
    const annotations = new Annotations();
    const holder = {};
    annotations.setFault(holder, 'a', WITHHELD);
    annotations.setFault(holder, 'a', FAILED);
    expect(annotations.faultAt(holder, 'a')).to.equal(WITHHELD);
    expect(annotations.faultAt({}, 'a'), 'of another object').to.equal(undefined);
  });

  it('list every withheld fault, and no other', () => {
    const annotations = new Annotations();
    annotations.setFault({}, 'a', FAILED);
    annotations.setFault({}, 'a', WITHHELD);
    annotations.setFault([], 0, WITHHELD);
    expect(annotations.withheld).to.deep.equal([WITHHELD, WITHHELD]);
  });

  it('explain by the fault of an object why a value in it was never set, and only that', () => {
    const annotations = new Annotations();
    const below = { known: null, missing: undefined };
    const holder = { below };
    annotations.setFault(holder, 'below', FAILED);
    annotations.passFaultDown(holder, 'below', below);
    expect(annotations.faultAt(below, 'missing')).to.equal(FAILED);
    expect(annotations.faultAt(below, 'known'), 'a null that a register sent').to.equal(undefined);
    annotations.setFault(below, 'missing', WITHHELD);
    expect(annotations.faultAt(below, 'missing'), 'its own fault comes first').to.equal(WITHHELD);
  });

  it('pass a fault down over several objects', () => {
    const annotations = new Annotations();
    const inner: Record<string, unknown> = {};
    const outer = { inner };
    const top = { outer };
    annotations.setFault(top, 'outer', FAILED);
    annotations.passFaultDown(top, 'outer', outer);
    annotations.passFaultDown(outer, 'inner', inner);
    expect(annotations.faultAt(inner, 'x')).to.equal(FAILED);
  });

  it('carry subject, faults, notes and rejected records to another object, which keeps what it has', () => {
    const annotations = new Annotations();
    const [from, to] = [{}, {}];
    annotations.setSubject(from, { id: '1', role: 'self' });
    annotations.setSubject(to, { id: '2', role: 'self' });
    annotations.setFault(from, 'a', FAILED);
    annotations.setFault(from, 'b', FAILED);
    annotations.setFault(to, 'a', WITHHELD);
    annotations.note(from, note('flagged', 'x'));
    annotations.note(to, note('pass'));
    annotations.noteRejected(from, 'c', note('rejected', 'y'));
    annotations.carry(from, to);
    expect(annotations.subjectOf(to)?.id).to.equal('2');
    expect([annotations.faultAt(to, 'a'), annotations.faultAt(to, 'b')]).to.deep.equal([WITHHELD, FAILED]);
    expect(annotations.notesOf(to).map(({ verdict }) => verdict)).to.deep.equal(['flagged']);
    expect(annotations.rejectedAt(to, 'c')?.verdict).to.equal('rejected');
    const fresh = {};
    annotations.carry(from, fresh);
    expect(annotations.subjectOf(fresh)?.id).to.equal('1');
  });

  it('say whether any record has a verdict', () => {
    const annotations = new Annotations();
    annotations.setFault({}, 'a', FAILED);
    expect(annotations.hasNotes).to.equal(false);
    annotations.noteRejected({}, 'a', note('rejected'));
    expect(annotations.hasNotes).to.equal(true);
  });
});
