import { expect } from 'chai';
import fc from 'fast-check';
import type { z } from 'zod';
import { compileRequest, type FilledRequest } from '../../../../adapters/rest/request/compile-request.js';
import { requestSource } from '../../../../adapters/rest/request/request-source.js';
import { ValueRefused, type RequestValues } from '../../../../adapters/rest/request/values.js';
import { Numeral } from '../../../../schemas/numeral.js';

const BASE = 'https://register.example/base/v1/';
const CONSTANTS = { org: 'Ministry of Justice', code: '%/?', count: 7, open: true };

type Written = z.input<typeof requestSource>;

const compiled = (written: Written) => compileRequest(requestSource.parse(written), CONSTANTS, BASE);
const fill = (written: Written, values: RequestValues = {}): FilledRequest => compiled(written).fill(values);
const bodyOf = (written: Partial<Written>, values: RequestValues): unknown => {
  const { body } = fill({ method: 'POST', path: '/x', ...written }, values);
  return body === undefined ? undefined : JSON.parse(body);
};

describe('a request template', () => {
  it('puts values into path, query and headers, each encoded for its place', () => {
    const written = {
      path: '/persons/{iin}/{constant.code}.{ext}',
      query: { requester: '{constant.org}', fields: '{select}', 'a&b': 'x{n}' },
      headers: { Accept: 'application/vnd.person.v2+json', 'X-Purpose': '{purpose}' },
    };
    const made = fill(written, { iin: 'A B/1', ext: 'json', select: ['name', 'birth'], n: 5, purpose: 'housing' });
    expect(made.url.href).to.equal(
      'https://register.example/base/v1/persons/A%20B%2F1/%25%2F%3F.json?requester=Ministry%20of%20Justice&fields=name%2Cbirth&a%26b=x5',
    );
    expect(made.headers).to.deep.equal({ Accept: 'application/vnd.person.v2+json', 'X-Purpose': 'housing' });
    expect(made).to.include({ method: 'GET', body: undefined });
  });

  it('writes a list as repeated parameters, as one joined parameter, and members as deep ones', () => {
    const written = {
      path: '/x',
      query: {
        number: '{iin[]}',
        numbers: { joined: '{iin[]}' },
        words: { joined: ['a', '{one}'], with: '|' as const },
        filter: { deep: { name: '{one}', kind: ['A', 'B'] } },
        kind: ['T', 'U'],
      },
    };
    expect(fill(written, { iin: ['1', '2'], one: 'x y' }).url.search).to.equal(
      '?number=1&number=2&numbers=1,2&words=a%7Cx%20y&filter%5Bname%5D=x%20y&filter%5Bkind%5D=A&filter%5Bkind%5D=B&kind=T&kind=U',
    );
  });

  it('leaves out parameters, headers and members without a value, and refuses a path without one', () => {
    const written = {
      method: 'POST' as const,
      path: '/x',
      query: { a: '{a}', b: { joined: '{b[]}' }, c: 'fixed', d: 'with {a}' },
      headers: { 'X-A': '{a}', 'X-C': 'c' },
      body: { a: '{a}', inner: { a: '{a}' }, list: ['{a}', 1], none: null },
    };
    const made = fill(written, { a: null });
    expect(made.url.search).to.equal('?c=fixed');
    expect(made.headers).to.deep.equal({
      Accept: 'application/json',
      'X-C': 'c',
      'Content-Type': 'application/json; charset=utf-8',
    });
    expect(JSON.parse(made.body ?? '')).to.deep.equal({ inner: {}, list: [1], none: null });
    expect(() => fill({ path: '/x/{a}' }, {})).to.throw(ValueRefused);
  });

  it('keeps the type of a value in JSON where the text is one placeholder', () => {
    const body = {
      type: 'ByNumber',
      numbers: '{iin[]}',
      page: '{n}',
      open: '{constant.open}',
      text: 'n={n}',
      count: 3,
    };
    expect(bodyOf({ body }, { iin: ['1'], n: 2 })).to.deep.equal({
      type: 'ByNumber',
      numbers: ['1'],
      page: 2,
      open: true,
      text: 'n=2',
      count: 3,
    });
    expect(bodyOf({ body: { n: '{n}' } }, { n: new Numeral('12345678901234567890') })).to.deep.equal({
      n: '12345678901234567890',
    });
  });

  it('takes members of an argument that is an object, and refuses the object itself', () => {
    expect(bodyOf({ body: { q: '{content.name}' } }, { content: { name: 'A' } })).to.deep.equal({ q: 'A' });
    expect(() => bodyOf({ body: { q: '{content}' } }, { content: { name: 'A' } })).to.throw(ValueRefused);
    expect(() => bodyOf({ body: { q: '{content}' } }, { content: ['A'] })).to.throw(ValueRefused);
    expect(bodyOf({ body: { q: '{case.number}' } }, { 'case.number': '7' })).to.deep.equal({ q: '7' });
  });

  it('writes a form', () => {
    const made = fill({ method: 'POST', path: '/x', form: { n: '{iin}', all: '{l[]}' } }, { iin: 'a&b=c', l: [1, 2] });
    expect(made.body).to.equal('n=a%26b%3Dc&all=1&all=2');
    expect(made.headers).to.include({ 'Content-Type': 'application/x-www-form-urlencoded' });
  });

  it('says what may be shown of it, and what is in the address', () => {
    const { address, inAddress } = compiled({
      method: 'POST',
      path: '/persons/{iin}',
      query: { by: '{constant.org}', all: { joined: '{l[]}' } },
      headers: { 'X-Who': '{who}' },
      body: { other: '{other}' },
    });
    expect(address).to.deep.equal({ method: 'POST', target: '/persons/{iin}?by={constant.org}&all={l[]}' });
    expect(inAddress).to.deep.equal(['iin', 'l', 'who']);
  });

  it('refuses templates that could not be safe', () => {
    const refused: readonly Written[] = [
      { path: 'persons' },
      { path: '/a/../b' },
      { path: '/a//b' },
      { path: '/a?b={iin}' },
      { path: '/a#b' },
      { path: '/a/{iin[]}' },
      { path: '/a/{iin' },
      { path: '/a/{i in}' },
      { path: '/a b' },
      { path: '/a', headers: { Authorization: '{iin}' } },
      { path: '/a', headers: { 'Content-Length': '1' } },
      { path: '/a', headers: { 'X-A': 'a\r\nX-B: b' } },
      { path: '/a', headers: { 'X A': 'b' } },
      { path: '/a', body: {} },
      { method: 'POST', path: '/a', body: {}, form: {} },
    ];
    for (const written of refused)
      expect(requestSource.safeParse(written).success, JSON.stringify(written)).to.equal(false);
    expect(() => compiled({ path: '/{constant.missing}' })).to.throw('{constant.missing} is no constant');
  });
});

/** Texts that try to leave their place, and any others. */
const hostile = fc.oneof(
  fc.constantFrom('', '.', '..', '%2e%2e', '%2E', '/', '../..', '\\', '?a=b', '#', '&a=b', ';', '%', '%00', '+', ' '),
  fc.constantFrom(
    'a\r\nX-Evil: 1',
    'a\nb',
    '\u0000',
    'ё',
    '😀',
    '\ud800',
    '"}',
    '","x":"',
    ']',
    '__proto__',
    'a,b',
    '|',
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ maxLength: 20 }),
);
const anyValue = fc.oneof(hostile, fc.integer(), fc.double(), fc.boolean());
const hasPlace = (value: unknown): boolean =>
  typeof value === 'string' ? value.isWellFormed() : typeof value !== 'number' || Number.isFinite(value);

describe('no value changes the structure of a request', () => {
  const template = compiled({
    method: 'POST',
    path: '/persons/{iin}/v{n}.{ext}',
    query: { one: '{iin}', mixed: 'a{n}b', list: { joined: '{l[]}' }, deep: { deep: { x: '{iin}' } } },
    headers: { 'X-One': '{iin}', 'X-Mixed': 'a {n}' },
    body: { one: '{iin}', list: '{l[]}', mixed: '-{n}-', inner: [{ x: '{ext}' }] },
  });
  const shape = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shape);
    if (typeof value !== 'object' || value === null) return 'leaf';
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shape(inner)]));
  };
  const structureOf = ({ url, headers, body, method }: FilledRequest): unknown => ({
    method,
    origin: url.origin,
    segments: url.pathname.split('/').length,
    start: url.pathname.split('/').slice(0, 4),
    parameters: [...url.searchParams.keys()],
    hash: url.hash,
    headers: Object.keys(headers),
    body: shape(JSON.parse(body ?? '')),
  });
  const plain = structureOf(template.fill({ iin: 'x', n: 'x', ext: 'x', l: ['x', 'x'] }));

  it('in path, query, header and JSON, from any source: it stands there as it is, or nothing is sent', () => {
    let sent = 0;
    fc.assert(
      fc.property(anyValue, anyValue, anyValue, fc.tuple(anyValue, anyValue), (iin, n, ext, l) => {
        let made: FilledRequest;
        try {
          made = template.fill({ iin, n, ext, l });
        } catch (error) {
          expect(error).to.be.instanceOf(ValueRefused);
          return;
        }
        sent += 1;
        expect(structureOf(made)).to.deep.equal(plain);
        expect(decodeURIComponent(made.url.pathname.split('/')[4] ?? '')).to.equal(String(iin));
        expect(made.url.searchParams.get('one')).to.equal(String(iin));
        expect(made.url.searchParams.get('deep[x]')).to.equal(String(iin));
        expect(made.url.searchParams.get('list')?.split(',')).to.deep.equal(l.map(String));
        expect(made.headers['X-One']).to.equal(String(iin));
        for (const value of Object.values(made.headers)) expect(value).to.match(/^[\x20-\x7e]+$/);
      }),
      { numRuns: 2_000 },
    );
    expect(sent).to.be.above(100);
  });

  it('in a text: no value ends the quotes or brackets around it, or takes the place of the next value', () => {
    const text = compiled({
      path: '/x',
      query: { filter: "iin eq '{iin}' and code in ({n})", both: '{iin}:{ext}', words: '{iin} {ext}' },
    });
    let sent = 0;
    fc.assert(
      fc.property(
        anyValue,
        fc.oneof(anyValue, fc.constantFrom("x' or '1' eq '1", '1) or (1', 'a:b')),
        anyValue,
        (iin, n, ext) => {
          let parameters: URLSearchParams;
          try {
            parameters = text.fill({ iin, n, ext }).url.searchParams;
          } catch (error) {
            expect(error).to.be.instanceOf(ValueRefused);
            return;
          }
          sent += 1;
          const [, quoted, within] =
            /^iin eq '([^'\\]*)' and code in \(([^()]*)\)$/s.exec(parameters.get('filter') ?? '') ?? [];
          expect([quoted, within]).to.deep.equal([String(iin), String(n)]);
          const both = parameters.get('both') ?? '';
          expect(both.slice(0, both.indexOf(':'))).to.equal(String(iin));
          expect(parameters.get('words')).to.equal(`${String(iin)} ${String(ext)}`);
        },
      ),
      { numRuns: 2_000 },
    );
    expect(sent).to.be.above(100);
  });

  it('in a batch: there are as many items as keys, each with the values of its key', () => {
    const written = {
      method: 'POST' as const,
      path: '/x',
      query: { key: ['{iin}|{n}'] },
      body: { items: [{ iin: '{iin}', of: { n: '{n}' }, one: '{ext}' }] },
    };
    const batch = compileRequest(requestSource.parse(written), CONSTANTS, BASE, true);
    const key = fc.record({ iin: anyValue, n: anyValue });
    let sent = 0;
    fc.assert(
      fc.property(fc.array(key, { minLength: 1, maxLength: 4 }), (keys) => {
        const [iin, n] = [keys.map((one) => one.iin), keys.map((one) => one.n)];
        let made: FilledRequest;
        try {
          made = batch.fill({ iin, n, ext: 'x' });
        } catch (error) {
          expect(error).to.be.instanceOf(ValueRefused);
          return;
        }
        sent += 1;
        const items = keys.map((one) => ({ iin: one.iin, of: { n: one.n }, one: 'x' }));
        expect(made.body).to.equal(JSON.stringify({ items }));
        expect(made.url.searchParams.getAll('key')).to.deep.equal(
          keys.map((one) => `${String(one.iin)}|${String(one.n)}`),
        );
      }),
      { numRuns: 1_000 },
    );
    expect(sent).to.be.above(100);
    expect(() => batch.fill({ iin: ['1', '2'], n: ['1'], ext: 'x' })).to.throw(ValueRefused);
  });

  it('in a form', () => {
    const form = compiled({ method: 'POST', path: '/x', form: { a: '{iin}', b: '{n}' } });
    fc.assert(
      fc.property(anyValue.filter(hasPlace), anyValue.filter(hasPlace), (iin, n) => {
        expect([...new URLSearchParams(form.fill({ iin, n }).body)]).to.deep.equal([
          ['a', String(iin)],
          ['b', String(n)],
        ]);
      }),
    );
  });

  it('in a path: everything can stand there but an empty text, "." and ".."', () => {
    const path = compiled({ path: '/a/{iin}/b' });
    fc.assert(
      fc.property(hostile, (iin) => {
        const refused = ['', '.', '..'].includes(iin) || !hasPlace(iin);
        if (refused) expect(() => path.fill({ iin })).to.throw(ValueRefused);
        else
          expect(path.fill({ iin }).url.pathname.split('/').map(decodeURIComponent)).to.deep.equal([
            ...['', 'base', 'v1', 'a'],
            iin,
            'b',
          ]);
      }),
      { numRuns: 1_000 },
    );
  });
});
