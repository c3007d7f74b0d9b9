import { expect } from 'chai';
import type { MappedTypes } from '../../../adapters/mapping/mapped-field.js';
import { compareRecord } from '../../../adapters/diagnosis/compare-record.js';

const PERSON = '880514391012';
const TYPES: MappedTypes = {
  Citizen: {
    key: 'iin',
    fields: {
      iin: { at: ['person', 'number'] },
      lastName: 'name.last',
      middleName: 'name.patronymic',
      documents: { at: 'docs', type: 'Document' },
      spouse: { at: 'spouse', reference: 'Citizen' },
      fingerprint: { not_provided: 'it has none' },
    },
  },
  Document: { fields: { number: 'number', issuedOn: { at: ['issued', 'on.date'] } } },
};
const compare = (...answers: readonly unknown[]) =>
  compareRecord(TYPES, { type: 'Citizen', key: 'iin' }, PERSON, answers);
const record = (more: object = {}) => ({
  person: { number: PERSON },
  name: { last: 'x', patronymic: null },
  docs: [{ number: '1' }, { number: '2', issued: { 'on.date': 'y' } }],
  spouse: null,
  ...more,
});

describe('a record beside its mapping', () => {
  it('lacks nothing that is null, or in some item of a list', () => {
    expect(compare({ data: [{ found: record() }] })).to.deep.equal({ neverOccurred: [], unmapped: [] });
  });

  it('lacks what never occurs, by field and path', () => {
    const answer = record({ name: { last: 'x' }, docs: [{ number: '1', issued: {} }] });
    expect(compare(answer)?.neverOccurred).to.deep.equal([
      { field: 'Citizen.middleName', at: '/name/patronymic' },
      { field: 'Citizen.documents.issuedOn', at: '/docs/issued/on.date' },
    ]);
  });

  it('says nothing about members of an empty list', () => {
    expect(compare(record({ docs: [] }))?.neverOccurred).to.deep.equal([]);
  });

  it('names members that no field is mapped to, once, without values and without names that hold numbers', () => {
    const more = {
      photo: 'data',
      name: { last: 'x', patronymic: 'y', maiden: 'z' },
      docs: [{ number: '1', kind: 'a' }, { kind: 'b' }],
      by: { '910101300121': { first: 1 } },
    };
    const difference = compare(record(more));
    expect(difference?.unmapped).to.deep.equal(['/name/maiden', '/docs/kind', '/photo', '/by']);
    expect(compare(record({ '910101300121': 1 }))?.unmapped).to.deep.equal(['/{...}']);
  });

  it('is not compared where no object has the number of the person', () => {
    expect(compare({ person: { number: '1' } }, [], 'text', null)).to.equal(undefined);
  });
});
