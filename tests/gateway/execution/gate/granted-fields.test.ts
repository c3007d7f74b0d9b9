import { expect } from 'chai';
import { GrantedFieldsCompiler, isOn } from '../../../../gateway/execution/gate/granted-fields.js';
import type { ReadSelection } from '../../../../gateway/execution/reads/read-field.js';
import type { Quality } from '../../../../schemas/ports/quality.js';
import { NO_CONTRACTS } from '../harness.js';
import { field, selection } from '../small-reads.js';
import { SMALL } from '../small-types.js';

const denying = (...categories: readonly string[]) => ({
  denied: new Set(categories),
  deniedKey: [...categories].sort().join(' '),
});
const keys = (fields: readonly { readonly key: string }[]): readonly string[] => fields.map(({ key }) => key);

describe('granted fields', () => {
  const governed = selection([
    field('id', { category: 'doc.id' }),
    field('title', { category: 'doc.text' }),
    field('_g_id', { name: 'id', origin: 'identity' }),
  ]);

  it('are the fields whose category is not denied; the rest is withheld by category', () => {
    const granted = new GrantedFieldsCompiler(SMALL, NO_CONTRACTS).of(governed, 'Doc', denying('doc.text'));
    expect(keys(granted.kept)).to.deep.equal(['id']);
    expect(granted.withheld).to.deep.equal([{ key: 'title', category: 'doc.text' }]);
    expect(granted.wholeWithheld).to.equal(undefined);
  });

  it('are none when every field is withheld, and say for which category', () => {
    const granted = new GrantedFieldsCompiler(SMALL, NO_CONTRACTS).of(governed, 'Doc', denying('doc.text', 'doc.id'));
    expect(granted.kept).to.deep.equal([]);
    expect(granted.wholeWithheld).to.equal('doc.id');
  });

  it('take a record as it is only where nothing is governed, judged, renamed or about a person', () => {
    const contract: Quality = {
      ...NO_CONTRACTS,
      prepare: () => ({ check: () => ({ verdict: 'pass', findings: [] }), critical: new Set() }),
    };
    const plain = [field('id'), field('title')];
    const isPlain = (of: ReadSelection, quality = NO_CONTRACTS): boolean =>
      new GrantedFieldsCompiler(SMALL, quality).of(of, 'Doc', denying()).plain !== undefined;
    expect(isPlain(selection(plain))).to.equal(true);
    expect(isPlain(selection(plain), contract)).to.equal(false);
    expect(isPlain(selection([...plain, field('text', { category: 'doc.text' })]))).to.equal(false);
    expect(isPlain(selection([...plain, field('text', { renames: [{ to: 'other' }] })]))).to.equal(false);
    expect(isPlain(selection(plain, { identity: new Map([['Doc', 'id']]) }))).to.equal(false);
    const below = selection([field('kato', { parentType: 'Address', category: 'address' })], { type: 'Address' });
    expect(isPlain(selection([...plain, field('address', { type: 'Address', below })]))).to.equal(false);
  });

  it('show a contract what is granted, and the sources of derived fields that are', () => {
    const prepared: unknown[] = [];
    const quality: Quality = {
      ...NO_CONTRACTS,
      prepare: (register, type, names) => void prepared.push([register, type, names]),
    };
    const derived = selection([
      field('year', {
        derivation: { derive: () => 1, sources: [{ name: 'date', responseKey: '_d_date', category: 'd' }] },
      }),
      field('date', { responseKey: '_d_date', origin: 'source', category: 'd' }),
      field('title', { category: 'doc.text' }),
      field('address', { arguments: [{} as never] }),
    ]);
    const granted = new GrantedFieldsCompiler(SMALL, quality).of(derived, 'Doc', denying('doc.text'));
    expect(granted.judged).to.deep.equal([{ name: 'date', responseKey: '_d_date' }]);
    expect(prepared).to.deep.equal([['docs', 'Doc', ['date']]]);
    const withoutSource = new GrantedFieldsCompiler(SMALL, quality).of(derived, 'Doc', denying('d'));
    expect(withoutSource.judged.map(({ name }) => name)).to.deep.equal(['title']);
    expect(withoutSource.derived).to.deep.equal([]);
  });

  it('are those that objects of the type have, keyed as in the answer', () => {
    const grantedFields = new GrantedFieldsCompiler(SMALL, NO_CONTRACTS);
    const nodes = selection(
      [
        field('id', { renames: [{ types: new Set(['Card']), to: 'cardId' }] }),
        field('title', { within: ['Doc'] }),
        field('number', { within: ['Card'] }),
      ],
      { type: 'Node', abstract: true },
    );
    expect(keys(grantedFields.fieldsOf(nodes, 'Doc'))).to.deep.equal(['id', 'title']);
    expect(keys(grantedFields.fieldsOf(nodes, 'Card'))).to.deep.equal(['cardId', 'number']);
    expect(keys(grantedFields.fieldsOf(nodes, undefined))).to.deep.equal(['cardId', 'title', 'number']);
    expect(isOn(field('title', { within: ['Doc'] }), 'Card', SMALL)).to.equal(false);
  });

  it('follow the type and the denied categories of each record, in any order', () => {
    const grantedFields = new GrantedFieldsCompiler(SMALL, NO_CONTRACTS);
    const nodes = selection(
      [field('id', { category: 'doc.id' }), field('title', { within: ['Doc'] }), field('number', { within: ['Card'] })],
      { type: 'Node', abstract: true },
    );
    const kept = (type: string, ...denied: readonly string[]): string =>
      keys(grantedFields.of(nodes, type, denying(...denied)).kept).join(' ');
    for (let round = 0; round < 2; round += 1) {
      expect(kept('Doc')).to.equal('id title');
      expect(kept('Card')).to.equal('id number');
      expect(kept('Card', 'doc.id')).to.equal('number');
      expect(kept('Card')).to.equal('id number');
      expect(keys(grantedFields.fieldsOf(nodes, 'Card'))).to.deep.equal(['id', 'number']);
      expect(keys(grantedFields.fieldsOf(nodes, 'Doc'))).to.deep.equal(['id', 'title']);
    }
  });

  it('are worked out once, and kept for 64 combinations of a selection', () => {
    const grantedFields = new GrantedFieldsCompiler(SMALL, NO_CONTRACTS);
    const first = grantedFields.of(governed, 'Doc', denying('c0'));
    expect(grantedFields.of(governed, 'Doc', denying('c0'))).to.equal(first);
    for (let combination = 1; combination < 64; combination += 1)
      grantedFields.of(governed, 'Doc', denying(`c${combination}`));
    expect(grantedFields.of(governed, 'Doc', denying('c0'))).to.equal(first);
    for (let combination = 64; combination < 128; combination += 1)
      grantedFields.of(governed, 'Doc', denying(`c${combination}`));
    expect(grantedFields.of(governed, 'Doc', denying('c0'))).to.not.equal(first);
  });
});
