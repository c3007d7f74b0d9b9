import { expect } from 'chai';
import { compileMissingValue, compileRepresentation } from '../../../../gateway/execution/fetch/representation.js';
import type { RequiredSelection } from '../../../../gateway/planning/plan.js';
import { Annotations } from '../../../../gateway/execution/data/annotations.js';
import type { DataObject } from '../../../../gateway/execution/data/data-object.js';
import { plain } from '../harness.js';
import { SMALL } from '../small-types.js';

const field = (from: string, to = from, ...selections: RequiredSelection[]): RequiredSelection => ({
  kind: 'field',
  from,
  to,
  selections,
});
const on = (name: string, ...selections: RequiredSelection[]): RequiredSelection => ({
  kind: 'type',
  name,
  selections,
});
const DOC = on('Doc', field('__typename'), field('id'), field('_internal_qp_alias_0', 'address', field('kato')));

describe('representations', () => {
  it('read keys and nested requirements, aliased, and nothing else', () => {
    const represent = compileRepresentation([DOC], [], SMALL);
    const made = represent({
      __typename: 'Doc',
      id: 1,
      title: 'no',
      _internal_qp_alias_0: { kato: '71', street: 'no' },
      address: { kato: 'other' },
    });
    expect(plain(made?.key)).to.deep.equal({ __typename: 'Doc', id: 1, address: { kato: '71' } });
    expect(made).to.include({ type: 'Doc', text: '{"__typename":"Doc","id":1,"address":{"kato":"71"}}' });
  });

  it('leave out what is null, and are not made of a type alone', () => {
    const represent = compileRepresentation([DOC], [], SMALL);
    expect(plain(represent({ __typename: 'Doc', id: 1, _internal_qp_alias_0: null })?.key)).to.deep.equal({
      __typename: 'Doc',
      id: 1,
    });
    expect(represent({ __typename: 'Doc', id: null })).to.equal(undefined);
    expect(represent({ __typename: 'Card', id: 1 })).to.equal(undefined);
  });

  it('are equal as text when they are equal', () => {
    const represent = compileRepresentation([on('Node', field('__typename'), field('id'))], [], SMALL);
    expect(represent({ id: 1, __typename: 'Doc' })?.text).to.equal(
      represent({ __typename: 'Doc', title: 'x', id: 1 })?.text,
    );
  });

  it('are rewritten before they are sent', () => {
    const rewrite = {
      kind: 'set',
      path: [
        { kind: 'type', names: ['Node'] },
        { kind: 'key', name: '__typename' },
      ],
      value: 'Node',
    } as const;
    const represent = compileRepresentation([on('Node', field('__typename'), field('id'))], [rewrite], SMALL);
    expect(represent({ __typename: 'Doc', id: 1 })).to.include({ type: 'Node', text: '{"__typename":"Node","id":1}' });
  });

  it('lack a value if it is missing for a known reason, below an object or in lists too', () => {
    const missing = compileMissingValue([DOC, field('x'), field('grid', 'grid', field('y'))]);
    const fault = { code: 'REGISTER_MALFORMED_RESPONSE', serviceName: 'docs' } as const;
    const lacking = (holder: object, key: string | number, entity: DataObject): unknown => {
      const annotations = new Annotations();
      annotations.setFault(holder, key, fault);
      return missing(entity, annotations);
    };
    const top = { __typename: 'Doc', id: null };
    const home = { kato: null };
    const list = ['a', null];
    const item = { y: null };
    expect(lacking(top, 'id', top)).to.equal(fault);
    expect(lacking(home, 'kato', { id: 1, _internal_qp_alias_0: home })).to.equal(fault);
    expect(lacking(list, 1, { id: 1, x: [list] })).to.equal(fault);
    expect(lacking(item, 'y', { id: 1, grid: [null, [item]] })).to.equal(fault);
    expect(lacking(top, 'title', { ...top, title: null })).to.equal(undefined);
    expect(missing(top, new Annotations())).to.equal(undefined);
  });

  it('lack what is withheld before what is wrong, wherever each stands', () => {
    const missing = compileMissingValue([DOC, field('x'), field('grid', 'grid', field('y'))]);
    const wrong = { code: 'REGISTER_MALFORMED_RESPONSE', serviceName: 'docs', reasons: ['docs.Doc.x#id'] } as const;
    const withheld = { code: 'CONSENT_REQUIRED', category: 'docs.text' } as const;
    const list = [null, null];
    const item = { y: null };
    const entity = { __typename: 'Doc', id: 1, x: list, grid: [item] };
    const both = new Annotations();
    both.setFault(list, 0, wrong);
    both.setFault(item, 'y', withheld);
    expect(missing(entity, both)).to.equal(withheld);
    const inOneList = new Annotations();
    inOneList.setFault(list, 0, wrong);
    inOneList.setFault(list, 1, withheld);
    expect(missing(entity, inOneList)).to.equal(withheld);
  });
});
