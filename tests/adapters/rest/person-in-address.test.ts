import { expect } from 'chai';
import type { SelectedField } from '../../../adapters/port.js';
import { rejection } from '../../rejection.js';
import { leaf, list } from '../selections.js';
import { adapterOf, answerOf, registerOf, rootField } from './asked-register.js';

const IIN = '880514391012';
const BIN = '990140090002';
const field: SelectedField = {
  ...list('acts', 'Act', [leaf('name')])('Query'),
  argumentsFrom: (variables) => variables,
};

describe('a number of a person that the schema calls a text', () => {
  const read = async (request: string, variables: object, agreed = false): Promise<readonly string[]> => {
    const register = registerOf({ body: [] });
    const consent = agreed ? 'identifier_in_address: { owner: O, agreement: A, until: 2030-01-01 }' : '';
    const source = `
operations:
  acts: { request: ${request}, answer: { items: [] }, ${consent} }
types: { Act: { fields: { name: name } } }
roots: { acts: { operation: acts } }
`;
    const adapter = adapterOf({ source, register });
    const prepared = adapter.prepare(rootField(field));
    await answerOf(adapter, { prepared, variables: variables as Readonly<Record<string, unknown>> });
    return register.asked;
  };

  for (const request of [
    '{ path: "/acts/{of}" }',
    '{ path: "/acts/n-{of}.json" }',
    '{ path: /acts, query: { of: "{of}" } }',
    '{ path: /acts, query: { of: { joined: "{of[]}" } } }',
    '{ path: /acts, headers: { X-Of: "{of}" } }',
  ])
    it(`is not sent by ${request} without consent`, async () => {
      for (const of of [IIN, ` ${IIN} `.trim(), '880514-391012', 'n/880514 391012'])
        expect(await rejection(read(request, { of })), of).to.include({ reason: 'key_type', operation: 'acts' });
      expect(await read(request, { of: IIN }, true)).to.have.length(1);
      for (const of of [BIN, '880514391013', '8805143910120', 'A1'])
        expect(await read(request, { of })).to.have.length(1);
    });

  it('is looked for in each value of a list, and in the member of an input', async () => {
    expect(await rejection(read('{ path: /acts, query: { of: "{of[]}" } }', { of: ['1', IIN] }))).to.include({
      reason: 'key_type',
    });
    expect(await rejection(read('{ path: /acts, query: { of: "{filter.of}" } }', { filter: { of: IIN } }))).to.include({
      reason: 'key_type',
    });
  });

  it('may be in a body', async () => {
    expect(await read('{ method: POST, path: /acts, body: { of: "{of}" } }', { of: IIN })).to.deep.equal([
      `POST /acts {"of":"${IIN}"}`,
    ]);
  });

  it('is no cursor that is sent', async () => {
    const source = `
operations:
  acts:
    request: { path: /acts, query: { after: "{page.cursor}" } }
    answer: { items: [items] }
    page: { by: cursor, next: next }
types: { Act: { fields: { name: name } } }
roots: { acts: { operation: acts } }
`;
    const register = registerOf({ body: { items: [], next: IIN } });
    const adapter = adapterOf({ source, register });
    const group = { prepared: adapter.prepare(rootField(field)), variables: {} };
    expect(await rejection(answerOf(adapter, group))).to.include({ reason: 'page_address' });
    expect(register.asked).to.deep.equal(['GET /acts']);
  });
});
