import { expect } from 'chai';
import { shapeOf } from '../../../adapters/graphql/response-shape.js';
import type { SelectedField } from '../../../adapters/port.js';
import { leaf, list, object } from '../selections.js';
import { BeyondFinder } from '../../../adapters/mapping/unread.js';

const namesIn = ({ found }: BeyondFinder): readonly string[] =>
  (found?.fields ?? []).map(({ type, name }) => `${type}.${name}`);

describe('taking from a response what was selected', () => {
  const take = (value: Readonly<Record<string, unknown>>, fields: readonly SelectedField[], type = 'Person') => {
    const malformed: string[] = [];
    const taking = {
      beyond: new BeyondFinder(),
      onMalformed: (path: readonly (string | number)[]) => void malformed.push(path.join('.')),
    };
    const made = shapeOf(fields).take(value, type, taking);
    return { made: JSON.parse(JSON.stringify(made)) as unknown, malformed, beyond: namesIn(taking.beyond) };
  };
  const person = leaf('name')('Person');
  const firm = [leaf('bin')('Firm'), object('head', 'Person', [leaf('name')], 'name')('Firm')];

  it('expects what every type selects, or the object’s own', () => {
    expect(take({}, [person])).to.deep.equal({ made: { name: null }, malformed: ['name'], beyond: [] });
    expect(take({ name: 'A' }, [person, ...firm], 'Person')).to.deep.equal({
      made: { name: 'A' },
      malformed: [],
      beyond: [],
    });
    expect(take({ name: { name: 'A' } }, [person, ...firm], 'Firm')).to.deep.equal({
      made: { bin: null, name: { name: 'A' } },
      malformed: ['bin'],
      beyond: [],
    });
  });

  it('takes together what an object’s type and its interface select under one key', () => {
    const onInterface = object('peer', 'Being', [leaf('name')])('Being');
    const onType = object('peer', 'Being', [leaf('born')])('Person');
    const peer = { name: 'A', born: 1 };
    expect(
      take({ __typename: 'Person', peer }, [leaf('__typename')('Being'), onInterface, onType], 'Being'),
    ).to.deep.equal({ made: { __typename: 'Person', peer }, malformed: [], beyond: [] });
    expect(take({ peer: { name: 'A' } }, [onInterface, onType], 'Being')).to.deep.equal({
      made: { peer: { name: 'A' } },
      malformed: [],
      beyond: [],
    });
  });

  it('does not miss what only another type would have', () => {
    expect(take({ __typename: 'Dog' }, [leaf('__typename')('Being'), person], 'Being')).to.deep.equal({
      made: { __typename: 'Dog' },
      malformed: [],
      beyond: [],
    });
  });

  it('lets a scalar of the register’s own be any JSON, and no other', () => {
    const json = { ...leaf('any')('Person'), type: 'JSON' };
    expect(take({ any: { a: [1] } }, [json])).to.deep.equal({
      made: { any: { a: [1] } },
      malformed: [],
      beyond: [],
    });
    expect(take({ any: { a: [1] } }, [{ ...json, type: 'Iin' }]).malformed).to.deep.equal(['any']);
  });

  it('takes lists in lists as deep as the field has them', () => {
    const rows = { ...leaf('rows')('Person'), list: true, lists: 2 };
    expect(take({ rows: [['A'], null, []] }, [rows])).to.deep.equal({
      made: { rows: [['A'], null, []] },
      malformed: [],
      beyond: [],
    });
    expect(take({ rows: ['A', [['B']]] }, [rows]).malformed).to.deep.equal(['rows.0', 'rows.1.0']);
  });

  it('notes members beyond the selection at any depth, and takes none', () => {
    const fields = [list('homes', 'Home', [leaf('city')])('Person')];
    expect(take({ homes: [{ city: 'A' }] }, fields).beyond).to.deep.equal([]);
    expect(take({ homes: [{ city: 'A', street: 'B' }] }, fields)).to.deep.equal({
      made: { homes: [{ city: 'A' }] },
      malformed: [],
      beyond: ['Home.street'],
    });
    expect(take({ homes: [], name: null }, fields).beyond).to.deep.equal(['Person.name']);
  });

  it('takes one thing for no list, and no list for one thing', () => {
    expect(take({ homes: { city: 'A' } }, [list('homes', 'Home', [leaf('city')])('Person')]).malformed).to.deep.equal([
      'homes',
    ]);
    expect(take({ name: ['A'] }, [person]).malformed).to.deep.equal(['name']);
    expect(take({ home: [{ city: 'A' }] }, [object('home', 'Home', [leaf('city')])('Person')]).malformed).to.deep.equal(
      ['home'],
    );
  });

  it('does not descend into what no one selected, however deep it is', () => {
    const deep = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`) as unknown;
    expect(take({ name: deep }, [person]).malformed).to.deep.equal(['name']);
    expect(take({ name: 'A', more: deep }, [person])).to.deep.include({ beyond: ['Person.more'] });
  });
});
