import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { parse } from 'yaml';
import { rest } from '../../../adapters/rest/protocol.js';
import type { SelectedField } from '../../../adapters/port.js';
import { createHttpClient } from '../../../gateway/compose/http-client.js';
import { packageRoot } from '../../../gateway/state/package-root.js';
import { runningClock, seededRandom, silentObserver } from '../../doubles.js';
import { listenRaw, rawResponse, type RawListener } from '../../ports/raw-listener.js';
import { rejection } from '../../rejection.js';
import { someCalls } from '../../recorded-calls.js';
import { entities, leaf, list } from '../selections.js';

const FOLDER = join(packageRoot(), 'tests', 'conformance', 'vendor', 'answers');
const IIN = '010203590013';
const clock = runningClock();

const FIELDS = ['iin', 'name', 'count', 'ratio', 'active', 'amount', 'status', 'birth'];
const RECORD = {
  iin: IIN,
  name: 'Тест',
  count: 1,
  ratio: 0.5,
  active: true,
  amount: '1.00',
  status: 'ACTIVE',
  birth: '2001-02-03',
  tags: ['a'],
};

const tags = (parentType: string): SelectedField => ({ ...list('tags', 'String', [])(parentType), type: 'String' });

describe('answers of REST registers, byte for byte', () => {
  let listener: RawListener;
  before(async () => {
    listener = await listenRaw();
  });
  after(() => listener.close());

  interface Asked {
    readonly answer?: string;
    readonly batch?: string;
    readonly amount?: string;
    /** Further members of `source.yaml`. */
    readonly more?: string;
    readonly keys?: readonly string[];
    readonly fields?: readonly string[];
    readonly maxResponseBytes?: number;
  }

  /** Asks for the records of the keys; the register answers with these bytes. */
  const read = async (bytes: Buffer, asked: Asked = {}): Promise<unknown> => {
    const {
      answer = '{}',
      batch,
      amount = 'amount',
      more = '',
      keys = [IIN],
      fields = FIELDS,
      maxResponseBytes,
    } = asked;
    listener.respond = ({ socket }) => void socket.end(bytes);
    const isBatch = batch !== undefined;
    const source = rest.source.parse(
      parse(`
protocol: rest
${more}
operations:
  person:
    request: { method: POST, path: /persons, body: { iin: "{iin${isBatch ? '[]' : ''}}" } }
    answer: ${answer}
    ${isBatch ? `batch: ${batch}` : ''}
types:
  Person:
    key: iin
    ${isBatch ? 'batch' : 'read'}: person
    fields: { iin: iin, name: name, count: count, ratio: ratio, active: active, amount: ${amount}, status: status, birth: birth, tags: tags }
`),
    );
    const adapter = rest.createAdapter({
      register: 'people',
      source,
      settings: rest.settings.parse({
        protocol: 'rest',
        url: `http://127.0.0.1:${listener.port}/base`,
        auth: { type: 'none' },
      }),
      maxResponseBytes: maxResponseBytes ?? 1_000_000,
      http: createHttpClient(),
      clock,
      random: seededRandom(),
      observer: silentObserver(),
    });
    try {
      const selected = fields.map((name) => leaf(name));
      const call = {
        requestId: 'r-1',
        calls: someCalls(),
        groups: [
          {
            prepared: adapter.prepare(entities('Person', fields === FIELDS ? [...selected, tags] : selected)),
            variables: {},
            keys: keys.map((iin) => ({ __typename: 'Person', iin })),
          },
        ],
        deadline: clock.monotonic() + 5_000,
      };
      const { groups } = await adapter.read(call);
      expect(groups[0]?.errors).to.deep.equal([]);
      return JSON.parse(JSON.stringify(groups[0]?.records));
    } finally {
      await adapter.close();
    }
  };
  const file = (name: string): Buffer => readFileSync(join(FOLDER, name));
  const json = (headers: Readonly<Record<string, string | undefined>>, body: string | Buffer, status = 200): Buffer =>
    rawResponse(status, { Connection: 'close', 'Content-Type': 'application/json', ...headers }, body);
  const whole = JSON.stringify(RECORD);

  describe('as they are published', () => {
    it('of a vendor type with +json and a version', async () => {
      expect(await read(file('rest-vendor.http'))).to.deep.equal([RECORD]);
    });

    it('with a long decimal as a number', async () => {
      const amount = '{ as: decimal }';
      expect(await read(file('rest-long-decimal.http'), { amount, fields: ['name', 'amount'] })).to.deep.equal([
        { name: 'x', amount: '12345678901234567.89' },
      ]);
    });

    it('in an envelope, behind a position', async () => {
      const answer = '{ record: [data, 0, person] }';
      expect(await read(file('rest-envelope.http'), { answer })).to.deep.equal([RECORD]);
    });

    it('404 with a code, and with another one', async () => {
      const notFound = (code: string): string =>
        `{ not_found: { status: [404], code: { at: [code], is: [${code}] } } }`;
      const bytes = file('rest-404-code.http');
      expect(await read(bytes, { answer: notFound('PERSON_NOT_FOUND') })).to.deep.equal([null]);
      expect(await rejection(read(bytes, { answer: notFound('OTHER') }))).to.include({ reason: 'status_unexpected' });
      expect(await rejection(read(bytes))).to.include({ reason: 'status_unexpected' });
    });

    it('a batch in any order that leaves out who is not there', async () => {
      const keys = [IIN, '850506390012', '930122390012'];
      const bytes = file('rest-batch-unordered.http');
      const asked = { answer: '{ items: items }', keys };
      expect(await read(bytes, { ...asked, batch: '{ answer: unordered, key: iin }' })).to.deep.equal([
        RECORD,
        null,
        { ...RECORD, iin: '930122390012' },
      ]);
      const ordered = read(bytes, { ...asked, batch: '{ answer: ordered, key: iin }' });
      expect(await rejection(ordered)).to.include({ reason: 'batch_count' });
    });
  });

  describe('in what they say of their content', () => {
    it('are read with any label of UTF-8, any JSON type, and a byte order mark', async () => {
      for (const type of [
        'application/json; charset=UTF8',
        'application/json;charset="utf-8"',
        'text/json; charset=unicode-1-1-utf-8; version=2',
        'application/problem+json; version="1;2"',
        'Application/JSON',
      ])
        expect(await read(json({ 'Content-Type': type }, whole)), type).to.deep.equal([RECORD]);
      expect(await read(json({}, `\ufeff${whole}`))).to.deep.equal([RECORD]);
    });

    it('are refused with another type or charset, or none, but for settings', async () => {
      const cyrillic = Buffer.concat([
        Buffer.from(`{"iin":"${IIN}","name":"`),
        Buffer.from([0xd2, 0xe5, 0xf1, 0xf2]),
        Buffer.from('"}'),
      ]);
      const fields = ['name'];
      const reasonOf = async (bytes: Buffer, more?: string): Promise<unknown> =>
        ((await rejection(read(bytes, { fields, ...(more === undefined ? {} : { more }) }))) as { reason: unknown })
          .reason;
      const in1251 = json({ 'Content-Type': 'application/json; charset=windows-1251' }, cyrillic);
      expect(await reasonOf(in1251)).to.equal('charset');
      expect(await reasonOf(in1251, 'charset: koi8-r')).to.equal('charset');
      expect(await read(in1251, { fields, more: 'charset: cp1251' })).to.deep.equal([{ name: 'Тест' }]);
      expect(await reasonOf(json({}, cyrillic))).to.equal('text_invalid');
      expect(await read(json({}, cyrillic), { fields, more: 'charset: windows-1251' })).to.deep.equal([
        { name: 'Тест' },
      ]);
      expect(
        await read(json({ 'Content-Type': 'text/json; charset=utf-8' }, whole), { fields, more: 'charset: cp1251' }),
      ).to.deep.equal([{ name: 'Тест' }]);
      expect(await reasonOf(json({ 'Content-Type': 'text/html' }, '<html>'))).to.equal('content_type');
      const untyped = json({ 'Content-Type': undefined }, whole);
      expect(await reasonOf(untyped)).to.equal('content_type');
      expect(await read(untyped, { more: 'content_type: missing' })).to.deep.equal([RECORD]);
      expect(await reasonOf(json({ 'Content-Type': 'text/plain' }, whole), 'content_type: missing')).to.equal(
        'content_type',
      );
      expect(await reasonOf(json({}, '{"iin":"1","iin":"2"}'))).to.equal('json_duplicate_name');
      expect(await reasonOf(json({}, ''))).to.equal('json_invalid');
    });

    it('may be compressed with gzip, which is asked for, and are counted without compression', async () => {
      expect(await read(json({ 'Content-Encoding': 'gzip' }, gzipSync(whole)))).to.deep.equal([RECORD]);
      expect(await read(json({ 'Content-Encoding': 'identity' }, whole))).to.deep.equal([RECORD]);
      expect(listener.received.at(-1)?.question.headers).to.include({ 'accept-encoding': 'gzip' });
      const bomb = gzipSync(Buffer.alloc(2_000_000, ' '));
      for (const [headers, body, reason] of [
        [{ 'Content-Encoding': 'gzip' }, bomb, 'too_large'],
        [{ 'Content-Encoding': 'gzip' }, whole, 'content_encoding'],
        [{ 'Content-Encoding': 'gzip' }, gzipSync(whole).subarray(0, 60), 'content_encoding'],
        [{ 'Content-Encoding': 'br' }, whole, 'content_encoding'],
        [{ 'Content-Encoding': 'gzip, gzip' }, gzipSync(gzipSync(whole)), 'content_encoding'],
      ] as const)
        expect(await rejection(read(json(headers, body))), JSON.stringify(headers)).to.include({ reason });
    });

    it('lead nowhere else', async () => {
      const before = listener.received.length;
      for (const status of [301, 302, 303, 307, 308])
        expect(await rejection(read(json({ Location: '/elsewhere' }, '', status)))).to.include({
          reason: 'redirect_refused',
        });
      expect(listener.received.length - before).to.equal(5);
    });
  });

  describe('without a record', () => {
    it('say so with a body, or with none, if the mapping says which: the page of another server is a failure', async () => {
      const html = json({ 'Content-Type': 'text/html; charset=iso-8859-1' }, '<html>Not Found</html>', 404);
      const empty = json({ 'Content-Type': undefined }, '', 404);
      const problem = json({ 'Content-Type': 'application/problem+json' }, '{"title":"Not Found"}', 404);
      for (const { content, absent, failed } of [
        { content: 'empty', absent: empty, failed: [html, problem] },
        { content: 'json', absent: problem, failed: [html, empty] },
      ]) {
        const answer = `{ not_found: { status: [404], content: ${content} } }`;
        expect(await read(absent, { answer })).to.deep.equal([null]);
        for (const bytes of failed)
          expect(await rejection(read(bytes, { answer }))).to.include({ reason: 'status_unexpected' });
      }
      expect(await rejection(read(empty, { answer: '{ not_found: { content: empty } }' }))).to.be.instanceOf(Error);
    });

    it('say so by the statuses of the mapping, with any body or none', async () => {
      const answer = '{ not_found: { status: [404, 410, 204] } }';
      for (const bytes of [
        json({}, '', 404),
        json({ 'Content-Type': 'text/html' }, '<html>', 410),
        Buffer.from('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n'),
      ])
        expect(await read(bytes, { answer })).to.deep.equal([null]);
      for (const [status, reason] of [
        [404, 'status_unexpected'],
        [204, 'status_unexpected'],
        [500, 'status_unexpected'],
        [401, 'credentials_refused'],
        [403, 'access_refused'],
        [429, 'overloaded'],
        [503, 'overloaded'],
      ] as const)
        expect(await rejection(read(json({}, status === 204 ? '' : '{}', status))), String(status)).to.include({
          reason,
        });
    });
  });
});
