import { expect } from 'chai';
import fc from 'fast-check';
import { operationSource } from '../../../adapters/rest/operation-source.js';
import { Numeral } from '../../../schemas/numeral.js';
import { rejection } from '../../rejection.js';
import { leaf, list } from '../selections.js';
import { adapterOf, answerOf, registerOf, rootField } from './asked-register.js';

const SOURCE = `
operations:
  liens:
    request:
      path: /liens
      query: { size: "{first}", order: "{order}", from: "{filter.from}", kinds: "{kinds[]}" }
    values:
      first: { default: 20, least: 1, most: 100 }
      order: { default: newest }
      filter.from: { required: true }
      kinds: { most: 9 }
    answer: { items: [] }
roots: { liens: { operation: liens } }
types: { Lien: { fields: { id: id } } }
`;

const sent = async (given: Readonly<Record<string, unknown>>): Promise<string | undefined> => {
  const register = registerOf({ body: [] });
  const adapter = adapterOf({ source: SOURCE, register });
  const field = { ...list('liens', 'Lien', [leaf('id')])('Query'), argumentsFrom: () => given };
  await answerOf(adapter, { prepared: adapter.prepare(rootField(field)), variables: {} });
  return register.asked[0];
};

describe('what a register takes for a placeholder', () => {
  const filter = { from: '2026-01-01' };

  it('is sent where the question gives no value', async () => {
    expect(await sent({ filter })).to.equal('GET /liens?size=20&order=newest&from=2026-01-01');
    expect(await sent({ filter, first: null, order: null })).to.equal(
      'GET /liens?size=20&order=newest&from=2026-01-01',
    );
    expect(await sent({ filter, first: 5, order: '' })).to.equal('GET /liens?size=5&order=&from=2026-01-01');
  });

  it('limits numbers, one by one in a list, and no texts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.array(fc.oneof(fc.integer(), fc.string())), async (first, kinds) => {
        const { searchParams } = new URL((await sent({ filter, first, kinds }))!.slice(4), 'http://r.example');
        expect(searchParams.get('size')).to.equal(String(Math.min(100, Math.max(1, first))));
        const limited = kinds.map((one) => (typeof one === 'number' ? Math.min(9, one) : one));
        expect(searchParams.getAll('kinds')).to.deep.equal(limited.map(String));
      }),
      { numRuns: 100 },
    );
    expect(await sent({ filter, first: new Numeral('12345678901234567890') })).to.include('size=100');
    expect(await sent({ filter, first: new Numeral('1.10') })).to.include('size=1.10');
  });

  it('refuses the question without a value that is required, and sends nothing', async () => {
    for (const given of [{}, { filter: null }, { filter: {} }, { filter: { from: null } }])
      expect(await rejection(sent(given))).to.include({ reason: 'key_type', operation: 'liens' });
  });

  it('does not load where it contradicts itself or is for no placeholder', () => {
    const messages = (values: object): readonly string[] =>
      operationSource
        .safeParse({ request: { path: '/x', query: { size: '{first}' } }, values })
        .error?.issues.map(({ path, message }) => [...path, message].join(' ')) ?? [];
    expect(messages({ first: { default: 5, least: 5, most: 5 } })).to.deep.equal([]);
    expect(messages({ first: { least: 2, most: 1 } })).to.deep.equal(['values first least is greater than most']);
    expect(messages({ first: { default: 9, most: 1 } })).to.deep.equal([
      'values first default is not from least to most',
    ]);
    expect(messages({ first: { default: 9, required: true } })).to.have.length(1);
    expect(messages({ frist: { default: 9 } })).to.deep.equal([
      'has `values.frist`, but its request says {frist} nowhere: did you mean first?',
    ]);
  });
});
