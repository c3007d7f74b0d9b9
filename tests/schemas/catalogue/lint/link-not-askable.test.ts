import { expect } from 'chai';
import { found, PERSON } from '../registers.js';

const link = (target: string): string =>
  `${PERSON} ${target} type Flat @category(name: "r.flats") { owner: Owner @subject(field: "iin", role: "owner") }`;

describe('catalogue rule: link-not-askable', () => {
  it('finds a link to an object that is not about a person', () => {
    expect(
      found('link-not-askable', link('type Owner @key(fields: "iin") @category(name: "r.a") { iin: Int }')),
    ).to.deep.equal([
      '9: Flat.owner leads to Owner, which cannot be asked for by person: write @subject(field: "iin") @key(fields: "iin") on Owner',
    ]);
  });

  it('finds a link to an object without a key of its person', () => {
    expect(
      found('link-not-askable', link('type Owner @subject(field: "iin") @category(name: "r.a") { iin: Iin! }')),
    ).to.have.length(1);
    expect(
      found(
        'link-not-askable',
        link('type Owner @key(fields: "iin id") @subject(field: "iin") @category(name: "r.a") { iin: Iin! id: Int }'),
      ),
    ).to.have.length(1);
  });

  it('is content with an entity keyed by its person', () => {
    expect(
      found(
        'link-not-askable',
        link(
          'type Owner @key(fields: "id") @key(fields: "iin") @subject(field: "iin") @category(name: "r.a") { iin: Iin! id: Int }',
        ),
      ),
    ).to.deep.equal([]);
  });
});
