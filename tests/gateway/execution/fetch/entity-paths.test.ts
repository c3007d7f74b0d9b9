import { expect } from 'chai';
import { Annotations } from '../../../../gateway/execution/data/annotations.js';
import { compileWalker } from '../../../../gateway/execution/fetch/entity-paths.js';
import type { DataObject } from '../../../../gateway/execution/data/data-object.js';
import type { PathStep } from '../../../../gateway/planning/plan.js';
import { SMALL } from '../small-types.js';

const field = (key: string): PathStep => ({ kind: 'field', key });
const LIST: PathStep = { kind: 'list' };
const on = (...names: string[]): PathStep => ({ kind: 'type', names });

function found(
  paths: readonly (readonly PathStep[])[],
  root: DataObject,
  annotations = new Annotations(),
): readonly { readonly id: unknown; readonly subject: string | undefined }[] {
  const targets: { id: unknown; subject: string | undefined }[] = [];
  compileWalker(paths, SMALL)(root, annotations, (object, subject) =>
    targets.push({ id: object['id'], subject: subject?.id }),
  );
  return targets;
}
const ids = (paths: readonly (readonly PathStep[])[], root: DataObject): unknown[] =>
  found(paths, root).map(({ id }) => id);

describe('walkers', () => {
  const data = {
    node: { __typename: 'Doc', id: 1 },
    nodes: [[{ __typename: 'Doc', id: 2 }, null], null, [{ __typename: 'Card', id: 3 }, { id: 4 }]],
  };

  it('follow fields and lists, several paths in turn, and skip what is not there', () => {
    expect(ids([[field('node')], [field('nodes'), LIST, LIST], [field('absent'), field('x')]], data)).to.deep.equal([
      1, 2, 3, 4,
    ]);
  });

  it('check types, possible types included, and pass what does not say its own', () => {
    expect(ids([[field('nodes'), LIST, LIST, on('Card')]], data)).to.deep.equal([3, 4]);
    expect(ids([[field('nodes'), LIST, LIST, on('Node')]], data)).to.deep.equal([2, 3, 4]);
  });

  it('say which person an object is about: the nearest that encloses it', () => {
    const annotations = new Annotations();
    const inner = { id: 'inner' };
    const child = { inner };
    const root = { person: { inner: { id: 'own' }, child } };
    annotations.setSubject(root.person, { id: 'A', role: 'self' });
    annotations.setSubject(child, { id: 'B', role: 'child' });
    const paths = [
      [field('person'), field('inner')],
      [field('person'), field('child'), field('inner')],
      [field('person')],
    ];
    expect(found(paths, root, annotations).map(({ subject }) => subject)).to.deep.equal(['A', 'B', 'A']);
  });
});
