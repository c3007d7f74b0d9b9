import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { expect } from 'chai';
import { createJsonClient, type JsonClient, type JsonReply } from '../../../adapters/http/post-json.js';
import { RegisterFailure } from '../../../adapters/port.js';
import { HOUSING_FAMILY } from '../../../demo/country/people.js';
import { createHttpClient } from '../../../gateway/compose/http-client.js';
import { Numeral } from '../../../schemas/numeral.js';
import { runningClock } from '../../doubles.js';
import { rejection } from '../../rejection.js';
import { someMessage } from '../../recorded-calls.js';

const { iin } = HOUSING_FAMILY.wife;
const JSON_TYPE = { 'Content-Type': 'application/json' };
const MAX_BYTES = 1_000;

describe('the JSON client', () => {
  const clock = runningClock();
  let server: Server;
  let handle: (request: IncomingMessage, response: ServerResponse, body: string) => void;
  let client: JsonClient;
  let seen: { headers: IncomingMessage['headers']; url: string | undefined; body: string }[];
  let connections: number;

  before(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        seen.push({ headers: request.headers, url: request.url, body });
        handle(request, response, body);
      });
    });
    server.on('connection', () => (connections += 1));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  beforeEach(() => {
    seen = [];
    connections = 0;
    client = clientOf();
  });
  afterEach(() => client.close());
  after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const clientOf = (maxConnections = 8): JsonClient =>
    createJsonClient({
      register: 'population',
      headers: { 'X-Api-Key': 'the key' },
      clock,
      connections: createHttpClient().open({ maxConnections }),
      maxResponseBytes: MAX_BYTES,
    });
  const portOf = (listening: { address(): unknown }): number => (listening.address() as AddressInfo).port;
  const post = (milliseconds = 5_000, port = portOf(server)): Promise<JsonReply> =>
    client.post({
      url: new URL(`http://127.0.0.1:${port}/api`),
      body: { iin },
      requestId: 'request-1',
      message: someMessage(),
      deadline: clock.monotonic() + milliseconds,
    });
  const reply = (
    status: number,
    body: string | Buffer,
    headers: Readonly<Record<string, string>> = JSON_TYPE,
  ): void => {
    handle = (_request, response) => void response.writeHead(status, headers).end(body);
  };
  const kindOf = async (asked: Promise<unknown>): Promise<string> => {
    const error = await rejection(asked);
    expect(error).to.be.instanceOf(RegisterFailure);
    expect(error).to.have.property('message').that.does.not.include(iin);
    expect(JSON.stringify([error, (error as Error).cause])).to.not.include(iin);
    return (error as RegisterFailure).kind;
  };

  it('sends the number in the body only, with credentials, request id and the time that is left', async () => {
    reply(200, '{"a":1}');
    expect(await post(5_000)).to.deep.include({ status: 200, body: { a: 1 } });
    expect(seen).to.have.length(1);
    expect(seen[0]?.url).to.equal('/api');
    expect(seen[0]?.body).to.equal(JSON.stringify({ iin }));
    expect(seen[0]?.headers).to.include({
      'x-api-key': 'the key',
      'x-request-id': 'request-1',
      'content-type': 'application/json; charset=utf-8',
    });
    expect(Number(seen[0]?.headers['x-request-deadline'])).to.be.within(4_000, 5_000);
    expect(JSON.stringify(seen[0]?.headers)).to.not.include(iin);
  });

  it('sends each call with its own headers, also where others share some of them', async () => {
    reply(200, '{}');
    const [one, other] = [{ Authorization: 'one' }, { Authorization: 'other', Accept: 'application/vnd.a+json' }];
    const ask = (headers: Readonly<Record<string, string>> | undefined, id: string): Promise<JsonReply> =>
      client.post({
        url: new URL(`http://127.0.0.1:${portOf(server)}/api`),
        body: {},
        requestId: 'request-1',
        message: someMessage(),
        deadline: clock.monotonic() + 5_000,
        headers,
        ownHeaders: ['X-Id', id],
      });
    for (const [headers, id] of [
      [one, '1'],
      [one, '2'],
      [other, '3'],
      [undefined, '4'],
      [one, '5'],
    ] as const)
      await ask(headers, id);
    expect(seen.map(({ headers }) => [headers.authorization, headers.accept, headers['x-id']])).to.deep.equal([
      ['one', 'application/json', '1'],
      ['one', 'application/json', '2'],
      ['other', 'application/vnd.a+json', '3'],
      [undefined, 'application/json', '4'],
      ['one', 'application/json', '5'],
    ]);
  });

  it('keeps its connection', async () => {
    reply(200, '{}');
    for (let call = 0; call < 3; call += 1) await post();
    // A connection is free for the next call after one turn of the event loop.
    expect(connections).to.be.at.most(2);
  });

  it('follows no redirect', async () => {
    reply(307, '{}', { ...JSON_TYPE, Location: '/elsewhere' });
    expect(await kindOf(post())).to.equal('malformed');
    expect(seen).to.have.length(1);
  });

  for (const [status, kind] of [
    [204, 'failed'],
    [400, 'failed'],
    [401, 'denied'],
    [403, 'denied'],
    [429, 'overloaded'],
    [500, 'failed'],
    [502, 'failed'],
    [503, 'overloaded'],
  ] as const) {
    it(`takes status ${status} for ${kind}`, async () => {
      reply(status, status === 204 ? '' : `{"error":"${iin}"}`);
      expect(await kindOf(post())).to.equal(kind);
    });
  }

  it('says when a register wants to be asked again, as seconds or a date, and only when it is asked too much', async () => {
    const dated = new Date(clock.now().getTime() + 30_000).toUTCString();
    for (const [status, header, expected] of [
      [429, '2', 2_000],
      [503, dated, 30_000],
      [429, 'soon', undefined],
      [500, '2', undefined],
    ] as const) {
      handle = (_, response) => void response.writeHead(status, { ...JSON_TYPE, 'Retry-After': header }).end('{}');
      expect(await rejection(post())).to.have.property('retryAfterMs', expected);
    }
  });

  it('takes no switch of protocols', async () => {
    handle = (request) =>
      void request.socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n');
    expect(await kindOf(post(1_000))).to.equal('transport');
  });

  it('hands on 404, which may be an answer', async () => {
    reply(404, '{"error":1}');
    expect(await post()).to.deep.include({ status: 404, body: { error: 1 } });
  });

  it('takes nothing but UTF-8 JSON', async () => {
    const wrong: readonly (readonly [string | Buffer, string])[] = [
      ['{}', 'text/html'],
      ['{}', 'application/jsonp'],
      ['{}', 'application/json; charset=windows-1251'],
      [`{"iin":"${iin}"`, 'application/json'],
      ['', 'application/json'],
      [Buffer.from([0x22, 0xc8, 0x22]), 'application/json'],
    ];
    for (const [body, type] of wrong) {
      reply(200, body, { 'Content-Type': type });
      expect(await kindOf(post()), type).to.equal('malformed');
    }
    for (const type of [
      'application/json',
      'Application/JSON; charset="UTF-8"',
      'application/graphql-response+json;charset=utf-8',
    ]) {
      reply(200, '"ё"', { 'Content-Type': type });
      expect((await post()).body).to.equal('ё');
    }
  });

  it('says which rule of JSON an answer breaks', async () => {
    const broken: readonly (readonly [string, string])[] = [
      ['{"a":1,"a":2}', 'json_duplicate_name'],
      ['{"a":{"b":[{"c":1,"\\u0063":2}]}}', 'json_duplicate_name'],
      ['{"__proto__":{}}', 'json_invalid'],
      ['["\\ud800"]', 'text_invalid'],
      ['{"a":"\\u0000"}', 'text_invalid'],
      [`${'['.repeat(201)}${']'.repeat(201)}`, 'json_invalid'],
      ['{"a":1', 'json_invalid'],
    ];
    for (const status of [200, 404])
      for (const [body, reason] of broken) {
        reply(status, body);
        expect(await rejection(post()), body).to.include({ kind: 'malformed', reason });
      }
  });

  it('keeps a numeral that a number would not tell apart', async () => {
    reply(200, '{"a":9007199254740993,"b":[19.10,1.5,3.0]}');
    expect((await post()).body).to.deep.equal({
      a: new Numeral('9007199254740993'),
      b: [new Numeral('19.10'), 1.5, new Numeral('3.0')],
    });
  });

  it('reads past a byte order mark', async () => {
    reply(200, '\ufeff{"a":1}');
    expect((await post()).body).to.deep.equal({ a: 1 });
    reply(200, '\ufeff\ufeff{"a":1}');
    expect(await kindOf(post())).to.equal('malformed');
  });

  it('takes an answer of the greatest size, and none that is larger, announced or not', async () => {
    reply(200, `"${'x'.repeat(MAX_BYTES - 2)}"`);
    expect((await post()).body).to.have.length(MAX_BYTES - 2);
    reply(200, `"${'x'.repeat(MAX_BYTES)}"`);
    expect(await kindOf(post())).to.equal('malformed');
    handle = (_request, response) => {
      response.writeHead(200, JSON_TYPE);
      const more = setInterval(() => response.write('x'.repeat(MAX_BYTES)), 1);
      response.on('close', () => clearInterval(more));
    };
    expect(await kindOf(post())).to.equal('malformed');
  });

  it('ends at the deadline: before an answer, within its head, and within its body', async () => {
    handle = () => undefined;
    expect(await kindOf(post(50))).to.equal('timeout');
    handle = (_request, response) => void response.writeHead(200, JSON_TYPE).write('{"a":');
    expect(await kindOf(post(50))).to.equal('timeout');
    expect(await kindOf(post(0))).to.equal('timeout');
    expect(seen).to.have.length(2);
  });

  it('ends at the deadline while it waits for a free connection', async () => {
    client.close();
    client = clientOf(1);
    handle = () => undefined;
    const [first, second] = [post(100), post(50)];
    expect(await kindOf(second)).to.equal('timeout');
    expect(await kindOf(first)).to.equal('timeout');
    expect(seen).to.have.length(1);
  });

  it('tells of a connection that breaks off, before and within an answer, and tries nothing twice', async () => {
    handle = (request) => void request.socket.destroy();
    expect(await kindOf(post())).to.equal('transport');
    handle = (request, response) =>
      void response
        .writeHead(200, { ...JSON_TYPE, 'Content-Length': '10' })
        .write('{"a"', () => request.socket.destroy());
    expect(await kindOf(post())).to.equal('transport');
    expect(seen).to.have.length(2);
  });

  it('tells of a port where no one listens', async () => {
    const unused = createTcpServer();
    await new Promise<void>((resolve) => unused.listen(0, '127.0.0.1', resolve));
    const port = portOf(unused);
    await new Promise((resolve) => unused.close(resolve));
    expect(await kindOf(post(5_000, port))).to.equal('transport');
  });

  it('takes what is not HTTP for malformed, and keeps none of it', async () => {
    const talker = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.resume().end(`SSH-2.0 ${iin}\r\n\r\n`);
    });
    await new Promise<void>((resolve) => talker.listen(0, '127.0.0.1', resolve));
    expect(await kindOf(post(5_000, portOf(talker)))).to.equal('malformed');
    await new Promise((resolve) => talker.close(resolve));
  });
});
