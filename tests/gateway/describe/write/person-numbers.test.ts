import { expect } from 'chai';
import type { OperationDescription, Shape } from '../../../../gateway/describe/description.js';
import { personNumbersSaid } from '../../../../gateway/describe/write/person-numbers.js';
import { isPersonNumberName } from '../../../../schemas/identifiers/person-number-names.js';

function operationWith(name: string, shape: Shape, more: { isPersonal?: boolean; in?: string }): OperationDescription {
  const parameter = { name, placeholder: name, in: 'body', required: true, shape, place: '#/p', ...more };
  return { name: 'one', place: '#', parameters: [parameter], asked: {}, said: [] };
}
const said = (name: string, shape: Shape, more: { isPersonal?: boolean; in?: string } = {}): string =>
  personNumbersSaid(operationWith(name, shape, more))
    .map(({ message }) => message)
    .join('\n');

describe('numbers of people in a published document', () => {
  const TEXT: Shape = { kind: 'leaf', type: 'text' };

  it('are written as Iin where the steward marks them, which is said', () => {
    expect(said('number', TEXT, { isPersonal: true })).to.equal(
      '"number" is written as Iin, the one number by which Tereze decides about people: 12 digits with a check digit',
    );
  });

  for (const [what, shape] of [
    ['nine digits', { ...TEXT, pattern: '^[0-9]{9}$' }],
    ['sixteen characters', { ...TEXT, minLength: 16, maxLength: 16 }],
    ['a small number', { kind: 'leaf', type: 'integer' }],
    ['a list of nine digits', { kind: 'list', of: { ...TEXT, maxLength: 9 } }],
  ] as readonly (readonly [string, Shape])[])
    it(`are none that Tereze knows if the document describes ${what}, which is said`, () => {
      expect(said('number', shape, { isPersonal: true })).to.match(/numbers that are none, so that each question/);
    });

  it('fit where the document leaves it open or describes 12 digits', () => {
    for (const shape of [TEXT, { ...TEXT, pattern: '^\\d{12}$', minLength: 12 }, { ...TEXT, pattern: '(?=x)' }])
      expect(said('number', shape as Shape, { isPersonal: true })).to.not.include('none');
  });

  it('are asked about where they are called so and not marked', () => {
    expect(said('burgerservicenummer', TEXT)).to.match(/write the folder again with --personal burgerservicenummer$/);
    expect(said('person-number', TEXT, { in: 'path' })).to.include('identifier_in_address: it is part of the address');
    expect(said('organisationNumber', TEXT, { in: 'path' })).to.equal('');
  });

  it('are known by their names in several states, in any writing', () => {
    for (const name of ['iin', 'ИИН', 'ssn', 'personNumber', 'codice_fiscale', 'fødselsnummer', 'Henkilötunnus', 'bsn'])
      expect(isPersonNumberName(name), name).to.equal(true);
    for (const name of ['bin', 'number', 'organisasjonsnummer', 'documentNumber', 'id', 'person', 'plate', 'pin', ''])
      expect(isPersonNumberName(name), name).to.equal(false);
  });
});
