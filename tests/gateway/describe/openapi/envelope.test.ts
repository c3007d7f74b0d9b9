import { expect } from 'chai';
import { payloadOf } from '../../../../gateway/describe/openapi/envelope.js';
import { shapeOfExample } from '../../../../gateway/describe/openapi/example-shape.js';

const PERSON = { nummer: '1', naam: 'x', geboren: '2001' };

/** Path of the record in an answer like the example. */
function pathOf(example: object, keys: readonly string[] = [], isOfOne = false): string {
  const { path, shape } = payloadOf(shapeOfExample(example, '#', 'answer'), { keys, isOfOne });
  return `${path.join('.')}${shape.kind === 'list' ? '[]' : ''}`;
}

describe('the envelope of an answer', () => {
  for (const [what, example, path] of [
    ['no envelope', PERSON, ''],
    ['a bare list', [PERSON], '[]'],
    ['one member of any name', { persoon: PERSON }, 'persoon'],
    ['several in each other', { antwoord: { inhoud: { personen: [PERSON] } } }, 'antwoord.inhoud.personen[]'],
    [
      'HAL',
      { _embedded: { persons: [PERSON] }, _links: { self: { href: 'x' } }, page: { number: 1 } },
      '_embedded.persons[]',
    ],
    ['counts in another language', { antall: 2, side: 1, flere: true, enheter: [PERSON] }, 'enheter[]'],
    ['a page in another language', { treff: [PERSON], sideinfo: { antall: 2, nr: 1 } }, 'treff[]'],
    ['a code and a text beside data', { codigo: '0', mensaje: 'OK', datos: PERSON }, 'datos'],
    ['members about the answer', { timestamp: 'x', status: 'ok', data: { person: PERSON } }, 'data.person'],
    ['JSON:API', { data: [PERSON], included: [{ a: 1 }], meta: { total: 1 } }, 'data[]'],
    ['a record with a list', { naam: 'x', adressen: [{ straat: 'x' }] }, ''],
    ['a record whose members have such names', { status: 'A', type: 'B', code: 'C', owner: { name: 'x' } }, ''],
    ['two records', { persoon: PERSON, adres: { straat: 'x', plaats: 'y' } }, ''],
    ['two lists', { personen: [PERSON], adressen: [{ straat: 'x' }] }, ''],
  ] as const)
    it(`is found by structure, names second: ${what}`, () => {
      expect(pathOf(example)).to.equal(path);
    });

  it('is an object that has not what was asked for, around one that has', () => {
    const answer = { uitkomst: 'goed', melding: 'x', persoon: PERSON };
    expect(pathOf(answer)).to.equal('');
    expect(pathOf(answer, ['nummer'])).to.equal('persoon');
    expect(pathOf(answer, ['kenteken'])).to.equal('');
    expect(pathOf({ uitkomst: 'goed', antwoord: { persoon: PERSON } }, ['nummer'])).to.equal('antwoord.persoon');
  });

  it('is no object that has what was asked for', () => {
    expect(pathOf({ id: 7, total: 3, lines: [{ price: 1, goods: 'x' }] }, ['id'])).to.equal('');
    expect(pathOf({ code: 'KZ', status: 'A', data: { name: 'x' } }, ['code'])).to.equal('');
  });

  it('may repeat what was asked for', () => {
    expect(pathOf({ nummer: '1', data: { persoon: PERSON } }, ['nummer'])).to.equal('');
    expect(pathOf({ timestamp: 'x', message: 'y', persoon: PERSON }, ['nummer'])).to.equal('persoon');
  });

  it('is no object with numbers beside a list where the address is that of one record', () => {
    const invoice = { sum: 3, paid: true, lines: [{ price: 1, goods: 'x' }] };
    expect(pathOf(invoice, ['invoice'], true)).to.equal('');
    expect(pathOf(invoice)).to.equal('lines[]');
  });
});
