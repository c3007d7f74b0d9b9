import { expect } from 'chai';
import {
  withIdentity,
  withPresence,
  withSources,
  withTypename,
} from '../../../../gateway/execution/reads/added-fields.js';
import {
  ENTITY_TYPE,
  type FieldGovernance,
  type SelectionContext,
} from '../../../../gateway/execution/reads/field-governance.js';
import type { ReadSelection } from '../../../../gateway/execution/reads/read-field.js';
import { field, selection } from '../small-reads.js';
import { SMALL } from '../small-types.js';

/** Objects of type `Doc` are about the person in `id`, cards about the one in `number`. */
const SUBJECT_FIELDS: Readonly<Record<string, string>> = { Doc: 'id', Card: 'number' };

const CONTEXT: SelectionContext = {
  register: 'docs',
  types: SMALL,
  governance: { subjectField: (type: string) => SUBJECT_FIELDS[type] } as FieldGovernance,
  activeConditions: new Set(),
};

/** Each field as `origin key`, in order. */
const keys = ({ fields }: ReadSelection): readonly string[] =>
  fields.map(({ origin, responseKey }) => `${origin} ${responseKey}`);

describe('added fields: __typename', () => {
  const node = selection([field('id')], { type: 'Node', abstract: true });

  it('is added to a selection of an abstract type', () => {
    expect(keys(withTypename(node))).to.deep.equal(['typename __typename', 'plan id']);
  });

  it('is not added to an object type, to entities, or where the plan selects it', () => {
    const typename = field('__typename', { origin: 'typename' });
    for (const complete of [
      selection([field('id')]),
      { ...node, type: ENTITY_TYPE },
      { ...node, fields: [typename, ...node.fields] },
    ])
      expect(withTypename(complete)).to.equal(complete);
  });

  it('is added if the plan selects it of some types only', () => {
    const typename = field('__typename', { origin: 'typename', within: ['Doc'] });
    expect(withTypename({ ...node, fields: [typename] }).fields).to.have.length(2);
  });

  it('is the whole selection where conditions leave nothing', () => {
    expect(keys(withPresence(selection([])))).to.deep.equal(['typename __typename']);
    const some = selection([field('id')]);
    expect(withPresence(some)).to.equal(some);
  });
});

describe('added fields: sources', () => {
  const source = { name: 'title', responseKey: '_d_title', category: 'text' };
  const derived = field('initial', { derivation: { derive: () => 'x', sources: [source] } });

  it('are added for a derived field, under a key of their own, with their category', () => {
    const { fields } = withSources(selection([derived]), CONTEXT);
    expect(fields[1]).to.include({ name: 'title', responseKey: '_d_title', origin: 'source', category: 'text' });
    expect(fields).to.have.length(2);
  });

  it('are added once for two derived fields', () => {
    const other = { ...derived, name: 'length', responseKey: 'length' };
    expect(keys(withSources(selection([derived, other]), CONTEXT))).to.deep.equal([
      'plan initial',
      'plan length',
      'source _d_title',
    ]);
  });

  it('are read from the field that the plan selects, if it selects the same value', () => {
    const { fields } = withSources(selection([derived, field('title', { responseKey: 'alias' })]), CONTEXT);
    expect(fields.map(({ responseKey }) => responseKey)).to.deep.equal(['initial', 'alias']);
    expect(fields[0]?.derivation?.sources).to.deep.equal([{ ...source, responseKey: 'alias' }]);
  });

  it('are not read from a field with arguments, with a rename, or below another type condition', () => {
    for (const more of [{ arguments: [{} as never] }, { renames: [{ to: 'other' }] }, { within: ['Doc'] }])
      expect(keys(withSources(selection([derived, field('title', more)]), CONTEXT))).to.include('source _d_title');
  });
});

describe('added fields: the number of the person', () => {
  const identity = ({ identity: found }: ReadSelection) => Object.fromEntries(found);

  it('is added to an object about a person that an argument names', () => {
    const added = withIdentity(selection([field('title')]), { kind: 'named' }, CONTEXT);
    expect(keys(added)).to.deep.equal(['plan title', 'identity _g_id']);
    expect(added.fields[1]).to.include({ name: 'id', category: undefined });
    expect(identity(added)).to.deep.equal({ Doc: '_g_id' });
  });

  it('is read from the field that the plan selects, if there is one', () => {
    const added = withIdentity(selection([field('id', { responseKey: 'no' })]), { kind: 'named' }, CONTEXT);
    expect(keys(added)).to.deep.equal(['plan no']);
    expect(identity(added)).to.deep.equal({ Doc: 'no' });
  });

  it('is not added to an object about the same person as the one around it, or about no one', () => {
    const same = withIdentity(selection([field('title')]), { kind: 'same' }, CONTEXT);
    const address = withIdentity(selection([field('kato')], { type: 'Address' }), { kind: 'named' }, CONTEXT);
    for (const unchanged of [same, address]) {
      expect(unchanged.fields).to.have.length(1);
      expect(identity(unchanged)).to.deep.equal({});
    }
  });

  it('is the field of the link for a person beyond a link', () => {
    const linked = withIdentity(selection([field('id')]), { kind: 'linked', field: 'title' }, CONTEXT);
    expect(identity(linked)).to.deep.equal({ Doc: '_g_title' });
  });

  it('is added on each type that is selected of an abstract type', () => {
    const node = selection(
      [
        field('title', { within: ['Doc'] }),
        field('number', { parentType: 'Card', within: ['Card'] }),
        field('id', { parentType: 'Node' }),
      ],
      { type: 'Node', abstract: true },
    );
    const added = withIdentity(node, { kind: 'named' }, CONTEXT);
    expect(identity(added)).to.deep.equal({ Doc: '_g_id', Card: 'number' });
    expect(added.fields[3]).to.deep.include({ responseKey: '_g_id', parentType: 'Doc', within: ['Doc'] });
    expect(added.fields).to.have.length(4);
  });

  it('is added on the interface that a link leads to, for all its types', () => {
    const node = selection([field('title', { within: ['Doc'] })], { type: 'Node', abstract: true });
    const added = withIdentity(node, { kind: 'linked', field: 'id' }, CONTEXT);
    expect(identity(added)).to.deep.equal({ Node: '_g_id', Doc: '_g_id', Card: '_g_id' });
    expect(added.fields[1]).to.deep.include({ parentType: 'Node', within: [] });
  });
});
