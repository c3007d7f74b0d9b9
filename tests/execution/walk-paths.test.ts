import { expect } from 'chai';
import { Marks } from '../../gateway/execution/marks.js';
import { compileWalker } from '../../gateway/execution/walk-paths.js';
import type { PathStep } from '../../gateway/planning/plan.js';
import { SMALL } from './small-types.js';

const field = (key: string): PathStep => ({ kind: 'field', key });
const LIST: PathStep = { kind: 'list' };
const on = (...names: string[]): PathStep => ({ kind: 'type', names });
const ids = (found: readonly { readonly object: Record<string, unknown> }[]): unknown[] => found.map(({ object }) => object['id']);

describe('walkers', () => {
  const data = { node: { __typename: 'Doc', id: 1 }, nodes: [[{ __typename: 'Doc', id: 2 }, null], null, [{ __typename: 'Card', id: 3 }, { id: 4 }]] };

  it('follow fields and lists, several paths in turn, and skip what is not there', () => {
    expect(ids(compileWalker([[field('node')], [field('nodes'), LIST, LIST], [field('absent'), field('x')]], SMALL)(data, new Marks()))).to.deep.equal([1, 2, 3, 4]);
  });

  it('check types, possible types included, and pass what does not say its own', () => {
    expect(ids(compileWalker([[field('nodes'), LIST, LIST, on('Card')]], SMALL)(data, new Marks()))).to.deep.equal([3, 4]);
    expect(ids(compileWalker([[field('nodes'), LIST, LIST, on('Node')]], SMALL)(data, new Marks()))).to.deep.equal([2, 3, 4]);
  });

  it('say about whom an object is: the nearest person that encloses it', () => {
    const marks = new Marks();
    const inner = { id: 'inner' };
    const child = { inner };
    const root = { person: { inner: { id: 'own' }, child } };
    marks.admitUnder(root.person, { id: 'A', role: 'self' });
    marks.admitUnder(child, { id: 'B', role: 'child' });
    const walk = compileWalker([[field('person'), field('inner')], [field('person'), field('child'), field('inner')], [field('person')]], SMALL);
    expect(walk(root, marks).map(({ subject }) => subject?.id)).to.deep.equal(['A', 'B', 'A']);
  });
});
