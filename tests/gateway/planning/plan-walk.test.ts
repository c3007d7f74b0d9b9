import { expect } from 'chai';
import { renamedKey, rewritesBelow, clientFields, joined } from '../../../gateway/planning/plan-walk.js';
import type { Rewrite, RewriteStep } from '../../../gateway/planning/plan.js';
import { parse } from 'graphql';
import { pickOperation } from '../../../gateway/planning/document/parse.js';

const path = (text: string): readonly RewriteStep[] =>
  text.split('.').map((step) => (/^[A-Z]/.test(step) ? { kind: 'type', names: [step] } : { kind: 'key', name: step }));
const rename = (from: string, to: string): Rewrite => ({ kind: 'rename', path: path(from), to });
const REWRITES = [rename('person.spouse.things.Boat.x0', 'label'), rename('Person.x1', 'note')];

describe('planning: output rewrites', () => {
  it('that hold below a key lose it and what stands before it', () => {
    expect(rewritesBelow(REWRITES, 'person')).to.deep.equal([rename('spouse.things.Boat.x0', 'label')]);
    expect(rewritesBelow([rename('Person.spouse.x0', 'label')], 'spouse')).to.deep.equal([rename('x0', 'label')]);
    expect(rewritesBelow(REWRITES, 'x1')).to.deep.equal([]);
    expect(rewritesBelow(REWRITES, 'other')).to.deep.equal([]);
  });

  it('give the key after them, behind a type or not', () => {
    expect(renamedKey(REWRITES, 'x1')).to.equal('note');
    expect(renamedKey(REWRITES, 'person')).to.equal('person');
    expect(renamedKey([rename('Boat.x0', 'label')], 'x0')).to.equal('label');
  });
});

describe('planning: client fields', () => {
  it('are paths of response keys, through fragments, without meta fields', () => {
    const paths = clientFields(pickOperation(parse('{ a: b { c ... on T { d: e { f } __typename } } }'), undefined));
    expect([...paths]).to.deep.equal(['a', 'a.c', 'a.d', 'a.d.f']);
  });

  it('join without a dot at the top', () => {
    expect([joined('', 'a'), joined('a', 'b')]).to.deep.equal(['a', 'a.b']);
  });
});
