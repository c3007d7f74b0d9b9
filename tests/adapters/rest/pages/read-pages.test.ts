import { expect } from 'chai';
import type { SelectedField } from '../../../../adapters/port.js';
import { rejection } from '../../../rejection.js';
import { leaf, list } from '../../selections.js';
import { adapterOf, answerOf, BASE, registerOf, rootField, type Answer } from '../asked-register.js';

describe('pages of a REST register', () => {
  const paged = (page: string, query: string): string => `
    operations:
      units:
        request: { path: /units, query: { name: "{name}", ${query} } }
        answer: { items: [_embedded, units] }
        page: { ${page} }
    types:
      Unit: { fields: { name: name } }
    roots: { units: { operation: units } }
  `;
  const units = (...names: readonly string[]): object => ({ _embedded: { units: names.map((name) => ({ name })) } });
  const field: SelectedField = {
    ...list('units', 'Unit', [leaf('name')])('Query'),
    argumentsFrom: () => ({ name: 'x' }),
  };
  const read = async (
    source: string,
    ...answers: readonly Answer[]
  ): Promise<{ names: unknown; asked: readonly string[] }> => {
    const register = registerOf(...answers);
    const adapter = adapterOf({ source, register });
    const [group] = await answerOf(adapter, { prepared: adapter.prepare(rootField(field)), variables: {} });
    const found = group?.records[0]?.['units'] as readonly { name: string }[];
    return { names: found.map(({ name }) => name), asked: register.asked };
  };
  const ask = 'page: "{page.number}", size: "{page.size}"';

  it('are asked by number to the count of items or of pages, or to a page that is not full', async () => {
    const total = paged('by: number, first: 0, size: 2, total: [page, totalElements]', ask);
    const counted = (answer: object): Answer => ({ body: { ...answer, page: { totalElements: 3, totalPages: 2 } } });
    expect(await read(total, counted(units('a', 'b')), counted(units('c')))).to.deep.equal({
      names: ['a', 'b', 'c'],
      asked: ['GET /units?name=x&page=0&size=2', 'GET /units?name=x&page=1&size=2'],
    });
    const pages = paged('by: number, size: 2, pages: [page, totalPages]', ask);
    expect((await read(pages, counted(units('a', 'b')), counted(units('c', 'd')))).names).to.deep.equal([
      'a',
      'b',
      'c',
      'd',
    ]);
    const plain = paged('by: number, size: 2', ask);
    expect((await read(plain, { body: units('a', 'b') }, { body: units('c') })).names).to.deep.equal(['a', 'b', 'c']);
    expect((await read(plain, { body: units('a', 'b') }, { body: units() })).names).to.deep.equal(['a', 'b']);
    expect(await rejection(read(total, counted(units('a', 'b')), counted(units())))).to.include({
      reason: 'page_limit',
    });
    expect(await rejection(read(plain, { body: units('a', 'b', 'c') }))).to.include({ reason: 'page_limit' });
  });

  it('are asked by offset', async () => {
    const source = paged('by: offset, size: 2', 'skip: "{page.offset}"');
    const { asked } = await read(source, { body: units('a', 'b') }, { body: units('c', 'd') }, { body: units('e') });
    expect(asked).to.deep.equal(['GET /units?name=x&skip=0', 'GET /units?name=x&skip=2', 'GET /units?name=x&skip=4']);
  });

  it('are asked by the address in the body or in the header Link, relative or whole', async () => {
    const inBody = paged('by: address, next: [next]', 'a: 1');
    const next = (address: string, answer: object): Answer => ({ body: { ...answer, next: address } });
    expect(
      await read(inBody, next('/base/units?p=2', units('a')), next(`${BASE}/units?p=3`, units('b')), next('', units())),
    ).to.deep.equal({
      names: ['a', 'b'],
      asked: ['GET /units?name=x&a=1', 'GET /units?p=2', 'GET /units?p=3'],
    });
    const inHeader = paged('by: link', 'a: 1');
    const link = `<${BASE}/units?p=9>; rel="last", <units?p=2>; title="a, b; c"; rel="prev NEXT"`;
    expect((await read(inHeader, { body: units('a'), headers: { link } }, { body: units('b') })).asked).to.deep.equal([
      'GET /units?name=x&a=1',
      'GET /units?p=2',
    ]);
  });

  it('leave neither origin nor base path, and come to an end', async () => {
    const source = paged('by: address, next: [next], max: 3', 'a: 1');
    for (const address of [
      'https://evil.example/base/units',
      'http://register.example/base/units',
      '//evil.example/base',
      '/other/units',
      '/based/units',
      '../units',
      '/base/../other',
      '/base/%2e%2e/other',
      '/base/..%2fother',
      '/base/units%5c..',
      'https://user:secret@register.example/base/units',
      'https://register.example:444/base/units',
      'javascript:alert(1)',
      7,
      {},
    ])
      expect(await rejection(read(source, { body: { ...units('a'), next: address } })), String(address)).to.include({
        reason: 'page_address',
      });
    const again: Answer = { body: { ...units('a'), next: '/base/units?p=2' } };
    expect(await rejection(read(source, again, again))).to.include({ reason: 'page_limit' });
    const endless: Answer = ({ request }) => ({
      status: 200,
      body: { ...units('a'), next: `/base/units?p=${request.url.search.length}${request.url.search.slice(3)}` },
    });
    expect(await rejection(read(source, endless, endless, endless))).to.include({ reason: 'page_limit' });
  });

  it('never bring a number from the body into an address', async () => {
    const source = `
      operations:
        acts:
          request: { method: POST, path: /acts, body: { number: "{iin}" } }
          answer: { items: [] }
          page: { by: link }
      types: { Act: { fields: { name: name } } }
      roots: { acts: { operation: acts, arguments: { iin: who } } }
    `;
    const acts: SelectedField = {
      ...list('acts', 'Act', [leaf('name')])('Query'),
      argumentsFrom: () => ({ who: '880514391012' }),
    };
    for (const address of ['/base/acts?n=880514391012', '/base/acts/88051439%31012']) {
      const register = registerOf({ body: [], headers: { link: `<${address}>; rel=next` } });
      const adapter = adapterOf({ source, register });
      const group = { prepared: adapter.prepare(rootField(acts)), variables: {} };
      expect(await rejection(answerOf(adapter, group)), address).to.include({ reason: 'page_address' });
    }
  });
});
