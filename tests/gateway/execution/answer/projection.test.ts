import { expect } from 'chai';
import {
  ERROR_REPORTED,
  Projection,
  type ProjectObject,
  type ValuePosition,
} from '../../../../gateway/execution/answer/projection.js';
import { Annotations, type RecordNote } from '../../../../gateway/execution/data/annotations.js';

const note = (verdict: RecordNote['verdict']): RecordNote => ({ register: 'r', type: 'T', verdict, findings: [] });
const PATH = { key: 1, before: { key: 'list', before: undefined } };
const at = (holder: object, key: string): ValuePosition => ({ holder, key, before: PATH, answerKey: 'alias' });

describe('projection', () => {
  it('takes a missing value as null without an error, if no fault is known', () => {
    const projection = new Projection(new Annotations());
    expect(projection.absent(at({}, 'a'))).to.equal(null);
    expect([projection.faults, projection.recordQualities]).to.deep.equal([[], []]);
  });

  it('reports the fault of a missing value at the client’s path', () => {
    const annotations = new Annotations();
    const holder = {};
    annotations.setFault(holder, 'a', { code: 'GATEWAY_TIMEOUT' });
    const projection = new Projection(annotations);
    expect(projection.absent(at(holder, 'a'))).to.equal(ERROR_REPORTED);
    expect(projection.faults).to.deep.equal([{ path: ['list', 1, 'alias'], fault: { code: 'GATEWAY_TIMEOUT' } }]);
  });

  it('lists the verdict on a rejected record where the record would stand', () => {
    const annotations = new Annotations();
    const holder = {};
    annotations.noteRejected(holder, 'a', note('rejected'));
    const projection = new Projection(annotations);
    projection.absent(at(holder, 'a'));
    expect(projection.recordQualities).to.deep.equal([{ path: ['list', 1, 'alias'], ...note('rejected') }]);
  });

  it('reports an object without a type by the fault of its type, or else as malformed', () => {
    const annotations = new Annotations();
    const object = {};
    const projection = new Projection(annotations);
    expect(projection.untyped(object, at({}, 'a'))).to.equal(ERROR_REPORTED);
    annotations.setFault(object, '__typename', { code: 'REGISTER_UNAVAILABLE' });
    projection.untyped(object, at({}, 'a'));
    expect(projection.faults.map(({ fault }) => fault.code)).to.deep.equal([
      'REGISTER_MALFORMED_RESPONSE',
      'REGISTER_UNAVAILABLE',
    ]);
  });

  it('lists the verdicts on an object before those below it', () => {
    const annotations = new Annotations();
    const [outer, inner] = [{}, {}];
    annotations.note(outer, note('flagged'));
    annotations.note(inner, note('pass'));
    const projection = new Projection(annotations);
    const below = { key: 'inner', before: PATH };
    projection.withRecords(outer, PATH, () => projection.withRecords(inner, below, () => ({})));
    expect(projection.recordQualities.map(({ path, verdict }) => [path.join('.'), verdict])).to.deep.equal([
      ['list.1', 'flagged'],
      ['list.1.inner', 'pass'],
    ]);
  });

  it('drops the verdicts of an object that becomes null, those below it included', () => {
    const annotations = new Annotations();
    const [kept, lost, below] = [{}, {}, {}];
    for (const object of [kept, lost, below]) annotations.note(object, note('pass'));
    const projection = new Projection(annotations);
    projection.withRecords(kept, PATH, () => ({}));
    const bubbling: ProjectObject = () => {
      projection.withRecords(below, PATH, () => ({}));
      return ERROR_REPORTED;
    };
    expect(projection.withRecords(lost, PATH, bubbling)).to.equal(ERROR_REPORTED);
    expect(projection.recordQualities).to.have.length(1);
  });
});
