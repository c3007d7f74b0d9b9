import { expect } from 'chai';
import fc from 'fast-check';
import { RegisterFailure, type SelectedField } from '../../../../adapters/port.js';
import { leaf, list } from '../../selections.js';
import { adapterOf, answerOf, BASE, registerOf, rootField, type Answer } from '../asked-register.js';

/** The ways to page, each as a mapping and as a register that has these items. */
const WAYS = {
  number: { page: 'by: number, first: 1, size: 3, total: [total]', query: 'page: "{page.number}"' },
  pages: { page: 'by: number, first: 0, size: 3, pages: [pages]', query: 'page: "{page.number}"' },
  offset: { page: 'by: offset, size: 3, total: [total]', query: 'skip: "{page.offset}"' },
  cursor: { page: 'by: cursor, next: [next]', query: 'after: "{page.cursor}"' },
  address: { page: 'by: address, next: [at]', query: 'first: 1' },
  link: { page: 'by: link', query: 'first: 1' },
} as const;
type Way = keyof typeof WAYS;
const SIZE = 3;

/** What a register does wrong: with which page, and how. */
interface Fault {
  readonly on: number;
  readonly what: 'repeats' | 'drops' | 'adds' | 'fails' | 'never ends';
}

function answersOf(way: Way, items: readonly string[], fault: Fault | undefined): Answer {
  let asked = 0;
  return ({ request }) => {
    const given = request.url.searchParams;
    const at = (name: string): number => Number(given.get(name) ?? 0);
    const first = way === 'number' ? 1 : 0;
    const start = way === 'offset' ? at('skip') : way === 'cursor' ? at('after') : (at('page') - first) * SIZE;
    const from = way === 'address' || way === 'link' ? at('from') : start;
    const isHere = fault?.on === asked;
    asked += 1;
    if (isHere && fault.what === 'fails') throw new RegisterFailure('people', 'status_unexpected');
    const shown = isHere && fault.what === 'repeats' ? Math.max(0, from - SIZE) : from;
    const part = items.slice(shown, shown + SIZE);
    if (isHere && fault.what === 'drops') part.pop();
    if (isHere && fault.what === 'adds') part.push('x', 'y', 'z');
    const isLast = from + SIZE >= items.length && !(fault?.what === 'never ends' && fault.on <= asked);
    const next = isLast ? undefined : Math.min(from + SIZE, fault?.what === 'never ends' ? SIZE * fault.on : Infinity);
    const address = next === undefined ? undefined : `/base/units?from=${next}`;
    return {
      status: 200,
      body: {
        items: part.map((name) => ({ name })),
        total: items.length,
        pages: Math.ceil(items.length / SIZE),
        next: next ?? null,
        at: address,
      },
      headers: address === undefined ? {} : { link: `<${BASE.replace(/\/base$/, '')}${address}>; rel=next` },
    };
  };
}

const field: SelectedField = list('units', 'Unit', [leaf('name')])('Query');

/** Returns the names that were read, or the failure. */
async function readAll(
  way: Way,
  items: readonly string[],
  fault?: Fault,
): Promise<readonly unknown[] | RegisterFailure> {
  const { page, query } = WAYS[way];
  const source = `
operations: { units: { request: { path: /units, query: { ${query} } }, answer: { items: [items] }, page: { ${page}, max: 9 } } }
types: { Unit: { fields: { name: name } } }
roots: { units: { operation: units } }
`;
  const register = registerOf(...Array<Answer>(12).fill(answersOf(way, items, fault)));
  const adapter = adapterOf({ source, register });
  try {
    const [group] = await answerOf(adapter, {
      prepared: adapter.prepare(rootField({ ...field, argumentsFrom: () => ({}) })),
      variables: {},
    });
    return (group?.records[0]?.['units'] as readonly { readonly name: unknown }[]).map(({ name }) => name);
  } catch (error) {
    if (error instanceof RegisterFailure) return error;
    throw error;
  }
}

const items = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 4 }), { maxLength: 20 });
const ways = fc.constantFrom(...(Object.keys(WAYS) as Way[]));

describe('a list in pages', () => {
  it('is whole, however long it is and by any way of paging', async () => {
    await fc.assert(
      fc.asyncProperty(ways, items, async (way, all) => {
        expect(await readAll(way, all)).to.deep.equal(all);
      }),
      { numRuns: 200 },
    );
  });

  it('is whole or a failure where the register counts, or says which page is next', async () => {
    const faults = fc.record({
      on: fc.integer({ min: 0, max: 5 }),
      what: fc.constantFrom<Fault['what']>('repeats', 'fails', 'never ends'),
    });
    let failed = 0;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom<Way>('number', 'offset'), items, faults, async (way, all, fault) => {
        const read = await readAll(way, all, fault);
        if (read instanceof RegisterFailure) failed += 1;
        else expect(read).to.have.length(all.length);
      }),
      { numRuns: 300 },
    );
    expect(failed).to.be.above(20);
  });

  it('of which an item is missing or is too many is a failure where the register counts', async () => {
    const all = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    for (const on of [0, 1, 2]) {
      for (const [way, what] of [
        ['number', 'drops'],
        ['number', 'adds'],
        ['offset', 'adds'],
      ] as const)
        expect(await readAll(way, all, { on, what }), `${way} ${what} ${on}`)
          .to.be.instanceOf(RegisterFailure)
          .and.include({ reason: 'page_limit' });
      // The next offset is that of the item that was left out, but after the last page.
      if (on < 2) expect(await readAll('offset', all, { on, what: 'drops' })).to.deep.equal(all);
    }
  });

  it('that does not end is a failure by any way of paging', async () => {
    for (const way of ['cursor', 'address', 'link'] as const)
      for (const on of [1, 2])
        expect(await readAll(way, ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'], { on, what: 'never ends' }), way)
          .to.be.instanceOf(RegisterFailure)
          .and.include({ reason: 'page_limit' });
  });

  it('of a register that knows no page is a failure', async () => {
    const all = ['a', 'b', 'c', 'd', 'e', 'f'];
    for (const way of ['number', 'pages', 'offset'] as const) {
      const first = answersOf(way, all, undefined);
      const ignorant: Answer = (question) => {
        const url = new URL(question.request.url);
        url.search = way === 'number' ? '?page=1' : '';
        return typeof first === 'function'
          ? first({ ...question, request: { ...question.request, url } })
          : { status: 500, body: undefined };
      };
      const { page, query } = WAYS[way];
      const adapter = adapterOf({
        source: `
operations: { units: { request: { path: /units, query: { ${query} } }, answer: { items: [items] }, page: { ${page} } } }
types: { Unit: { fields: { name: name } } }
roots: { units: { operation: units } }
`,
        register: registerOf(...Array<Answer>(12).fill(ignorant)),
      });
      const group = { prepared: adapter.prepare(rootField({ ...field, argumentsFrom: () => ({}) })), variables: {} };
      const failure: unknown = await answerOf(adapter, group).catch((error: unknown) => error);
      expect(failure, way).to.include({ reason: 'page_limit' });
    }
  });
});
