import { expect } from 'chai';
import { renderTree } from '../../../../gateway/planning/render/tree.js';
import { person } from '../country.js';
import { described, GOVERNED, PLAIN } from './describing.js';

describe('planning: a plan as a tree', () => {
  it('shows calls, persons, keys, fields with their categories, and links', async () => {
    expect(renderTree(await described(person('name class spouse { name } children { born }')))).to
      .equal(`Q: 3 calls at most, catalogue ${GOVERNED.hash}
Sequence
├─ Sequence
│  ├─ 1. people: 1 call
│  │     about  the person in $iin, at person
│  │     reads  Query.person -> people.number (read, not shown)
│  │            Person.name -> people.identity
│  │            Person.iin -> people.number (read, not shown)
│  │            Person.spouse -> people.family
│  │            Person.children -> people.family
│  │            Person.born -> people.birth (read, not shown)
│  │     finds  spouse at person.spouse
│  │            child at person.children
│  └─ 2. people: 1 call
│        about  spouse found at person.spouse, by key Person.iin
│        sends  Person.iin -> people.number
│        reads  Person.name -> people.identity
│        about  child found at person.children, by key Person.iin
│        sends  Person.iin -> people.number
│        reads  Person.born -> people.birth
└─ 3. taxes: 1 call
      about  the person in $iin, at person, by key Person.iin
      sends  Person.born -> people.birth
             Person.iin -> people.number
      reads  Person.class -> taxes.class
`);
  });

  it('shows conditions with what hangs on them', async () => {
    const text = renderTree(await described(person('name rate @include(if: $more)', ', $more: Boolean!')));
    expect(text).to.include('└─ Condition $more\n   └─ if true\n      └─ 2. taxes: 1 call\n            about ');
  });

  it('shows a plan over a supergraph alone without categories', async () => {
    expect(renderTree(await described(person('name'), PLAIN))).to.equal(
      `Q: 1 call, catalogue ${PLAIN.hash}\n1. people: 1 call\n   at     person\n   reads  Query.person\n          Person.name\n`,
    );
  });

  it('says that no call is made', async () => {
    expect(renderTree(await described('{ __typename }'))).to.equal(
      `The operation: no call, catalogue ${GOVERNED.hash}\n`,
    );
  });
});
