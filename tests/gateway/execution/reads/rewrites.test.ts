import { expect } from 'chai';
import { compileInputRewrites, pendingRenames, renamesAt } from '../../../../gateway/execution/reads/rewrites.js';
import type { Rewrite, RewriteStep } from '../../../../gateway/planning/plan.js';
import { SMALL } from '../small-types.js';

const key = (name: string): RewriteStep => ({ kind: 'key', name });
const on = (...names: string[]): RewriteStep => ({ kind: 'type', names });
const rename = (to: string, ...path: RewriteStep[]): Rewrite => ({ kind: 'rename', path, to });

describe('rewrites', () => {
  it('find a rename level by level, with the types for which it holds', () => {
    const pending = pendingRenames([rename('x', key('all'), on('Node'), key('_internal_qp_alias_0'))]);
    const top = renamesAt(pending, 'all', SMALL);
    expect([top.here, top.below.length, renamesAt(pending, 'other', SMALL).below.length]).to.deep.equal([[], 1, 0]);
    const [found] = renamesAt(top.below, '_internal_qp_alias_0', SMALL).here;
    expect(found?.to).to.equal('x');
    expect([...(found?.types ?? [])]).to.have.members(['Node', 'Doc', 'Card']);
  });

  it('rename and set in representations, only of the types they name', () => {
    const apply = compileInputRewrites(
      [rename('b', on('Doc'), key('a')), { kind: 'set', path: [on('Doc'), key('__typename')], value: 'Node' }],
      SMALL,
    );
    const [doc, card] = [
      { __typename: 'Doc', a: 1 },
      { __typename: 'Card', a: 1 },
    ];
    apply(doc);
    apply(card);
    expect([doc, card]).to.deep.equal([
      { __typename: 'Node', b: 1 },
      { __typename: 'Card', a: 1 },
    ]);
  });

  it('refuse what no known plan does', () => {
    expect(() => pendingRenames([{ kind: 'set', path: [key('a')], value: 'x' }])).to.throw();
    expect(() => compileInputRewrites([rename('c', key('a'), key('b'))], SMALL)).to.throw();
  });
});
