import { expect } from 'chai';
import { bodyOf, openWire, raw, refusedIn, send, type Wire } from './wire.js';

describe('body', () => {
  let wire: Wire;
  beforeEach(async () => {
    wire = await openWire();
  });
  afterEach(() => wire.close());

  const post = (body: RequestInit['body'], headers: Record<string, string> = { 'content-type': 'application/json' }) =>
    send(`${wire.url}/graphql`, { body: body ?? null, headers });

  it('is read when it is a JSON object in UTF-8', async () => {
    const { status, text } = await post('{"query":"{ a }","variables":{"имя":"Әлия"}}', {
      'content-type': 'Application/JSON; charset="UTF-8"',
    });
    expect(status).to.equal(200);
    expect(JSON.parse(text)).to.deep.equal({ echo: { query: '{ a }', variables: { имя: 'Әлия' } } });
  });

  const wrong: readonly (readonly [string, string | Uint8Array<ArrayBuffer>, string, number])[] = [
    ['empty', '', 'INVALID_JSON syntax', 400],
    ['no JSON', 'query { a }', 'INVALID_JSON syntax', 400],
    ['JSON with a comma too many', '{"query":"{ a }",}', 'INVALID_JSON syntax', 400],
    ['two values', '{}{}', 'INVALID_JSON syntax', 400],
    ['a list (batch)', '[{"query":"{ a }"}]', 'BATCH_NOT_SUPPORTED', 400],
    ['an empty list', '[]', 'BATCH_NOT_SUPPORTED', 400],
    ['null', 'null', 'BAD_REQUEST body', 400],
    ['a text', '"query"', 'BAD_REQUEST body', 400],
    ['with a name given twice', '{"query":"{ a }","query":"{ b }"}', 'INVALID_JSON duplicate_name', 400],
    ['with __proto__', '{"__proto__":{"query":"{ a }"}}', 'INVALID_JSON name', 400],
    ['too deep', `{"variables":${'['.repeat(30)}${']'.repeat(30)}}`, 'INVALID_JSON depth', 400],
    ['so deep that it would hurt', '['.repeat(30_000) + ']'.repeat(30_000), 'INVALID_JSON depth', 400],
    ['as deep, and not JSON', '['.repeat(60_000), 'INVALID_JSON syntax', 400],
    ['with a NUL', '{"query":"\\u0000"}', 'INVALID_JSON control_character', 400],
    ['too long', `{"query":"${'x'.repeat(70_000)}"}`, 'PAYLOAD_TOO_LARGE', 413],
    ['not UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]), 'INVALID_JSON utf8', 400],
    ['UTF-8 that is longer than it need be', new Uint8Array([0x22, 0xc0, 0xa2, 0x22]), 'INVALID_JSON utf8', 400],
    ['UTF-8 with a byte order mark', '\ufeff{}', 'INVALID_JSON syntax', 400],
  ];
  for (const [how, body, refused, status] of wrong) {
    it(`is refused when it is ${how}`, async () => {
      const seen = await post(body);
      expect(seen.refused).to.equal(refused);
      expect(seen.status).to.equal(status);
      expect(seen.headers.get('cache-control')).to.equal('no-store');
    });
  }

  const types: readonly (readonly [string, Record<string, string>, string])[] = [
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'content_type'],
    ['plain text', { 'content-type': 'text/plain' }, 'content_type'],
    ['multipart', { 'content-type': 'multipart/form-data; boundary=x' }, 'content_type'],
    ['something like JSON', { 'content-type': 'application/jsonp' }, 'content_type'],
    ['nothing', { 'content-type': '' }, 'content_type'],
    ['JSON in another charset', { 'content-type': 'application/json; charset=utf-16' }, 'charset'],
    ['JSON with an unknown parameter', { 'content-type': 'application/json; profile=x' }, 'charset'],
    ['compressed JSON', { 'content-type': 'application/json', 'content-encoding': 'gzip' }, 'content_encoding'],
  ];
  for (const [what, headers, reason] of types) {
    it(`is refused as ${what}`, async () => {
      const seen = await post('{}', headers);
      expect(`${seen.status} ${seen.refused}`).to.equal(`415 UNSUPPORTED_MEDIA_TYPE ${reason}`);
    });
  }

  it('is refused by its length, before it is sent, or while it is', async () => {
    const announced = await raw(
      wire.port,
      'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 999999999\r\n\r\n',
    );
    expect(refusedIn(bodyOf(announced))).to.equal('PAYLOAD_TOO_LARGE');
    const chunk = `${(10_000).toString(16)}\r\n${'x'.repeat(10_000)}\r\n`;
    const chunked = await raw(
      wire.port,
      `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(20)}`,
    );
    expect(refusedIn(bodyOf(chunked))).to.equal('PAYLOAD_TOO_LARGE');
  });

  it('is not waited for: a slow client is answered 408', async () => {
    await wire.close();
    wire = await openWire({ body: { timeoutMs: 300 } });
    // The rest never comes.
    const seen = await raw(
      wire.port,
      'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"query":',
    );
    expect(seen).to.match(/^HTTP\/1\.1 408 /);
    expect(refusedIn(bodyOf(seen))).to.equal('REQUEST_TIMEOUT');
  });

  it('that breaks off with the connection leaves nothing behind', async () => {
    await raw(
      wire.port,
      'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"query":',
      { halfClose: true },
    );
    expect((await post('{"query":"{ a }"}')).status).to.equal(200);
    expect(wire.lines).to.deep.equal([]);
  });

  it('is answered although the client has closed its half of the connection', async () => {
    const body = '{"query":"{ a }"}';
    const seen = await raw(
      wire.port,
      `POST /graphql HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      { halfClose: true },
    );
    expect(seen).to.match(/^HTTP\/1\.1 200 /);
  });

  it('that was refused does not become the next request on its connection', async () => {
    const smuggled = 'GET /health HTTP/1.1\r\nHost: x\r\n\r\n';
    const seen = await raw(
      wire.port,
      `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`,
    );
    expect(seen.match(/^HTTP\/1\.1 /gm)).to.have.lengthOf(1);
  });

  for (const method of ['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD']) {
    it(`is for POST: ${method} is refused with Allow`, async () => {
      const seen = await send(`${wire.url}/graphql?query=%7Ba%7D`, { method });
      expect(seen.status).to.equal(405);
      expect(seen.headers.get('allow')).to.equal('POST');
      if (method !== 'HEAD') expect(seen.refused).to.equal('METHOD_NOT_ALLOWED POST');
    });
  }
});
