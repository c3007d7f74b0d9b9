import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { RegisterDeclined } from '../../../adapters/port.js';
import { rejection } from '../../rejection.js';
import { ask, envelope, MANY, namesOf, NS, ONE, people, person, reasonOf, SOAP, SOAP_12 } from './asked-operation.js';
import { response } from './raw-register.js';

describe('a batch of a SOAP register', () => {
  const cases: readonly [what: string, operations: string, answer: string, expected: readonly unknown[] | string][] = [
    [
      'in any order, with absent ones left out',
      MANY('absent: omitted'),
      person('3', 'C') + person('1'),
      ['A', null, 'C'],
    ],
    ['with one left out that must be named', MANY(''), person('3') + person('1'), 'batch_count'],
    [
      'with absent ones named',
      MANY('', 'items: [people, person], absent: [people, none]'),
      `<p:none>2</p:none>${person('3', 'C')}${person('1')}`,
      ['A', null, 'C'],
    ],
    [
      'with a key that is both',
      MANY('', 'items: [people, person], absent: [people, none]'),
      `<p:none>3</p:none><p:none>2</p:none>${person('3')}${person('1')}`,
      'duplicate_record',
    ],
    ['with a record twice', MANY('absent: omitted'), person('1') + person('1'), 'duplicate_record'],
    ['with the record of someone else', MANY('absent: omitted'), person('1') + person('9'), 'other_subject'],
    [
      'with a record without its key',
      MANY('absent: omitted'),
      '<p:person><p:name>A</p:name></p:person>',
      'key_missing',
    ],
    ['of another element', MANY('absent: omitted'), '<p:x/>', [null, null, null]],
    [
      'in order, with nil and empty records',
      MANY('answer: ordered, absent: null'),
      `${person('1')}<p:person xsi:nil="true"/><p:person/>`,
      ['A', null, null],
    ],
    ['in order, one too few', MANY('answer: ordered'), person('1') + person('2'), 'batch_count'],
    ['in another order', MANY('answer: ordered'), person('1') + person('3') + person('2'), 'other_subject'],
  ];
  for (const [what, operations, answer, expected] of cases)
    it(`${what}: ${typeof expected === 'string' ? expected : JSON.stringify(expected)}`, async () => {
      const asked = { operations, answer: people(answer) };
      if (typeof expected === 'string') expect(await reasonOf(asked)).to.equal(expected);
      else expect(namesOf((await ask(asked)).answer)).to.deep.equal(expected);
    });

  it('is sent in messages of its limit, all at once', async () => {
    const { requests, answer } = await ask({
      operations: MANY('absent: omitted').replace('max: 10', 'max: 2'),
      answer: ({ body }) =>
        people([...body.matchAll(/<q:iin>(\d)</g)].map(([, iin = '']) => person(iin, iin)).join('')),
    });
    expect(requests.map(({ body }) => [...body.matchAll(/<q:iin>(\d)</g)].length)).to.have.members([2, 1]);
    expect(namesOf(answer)).to.deep.equal(['1', '2', '3']);
  });

  it('is not needed: keys are asked one by one, no more at once than the mapping says', async () => {
    const { requests, answer } = await ask({
      operations: `${ONE('record: [people, person]')}    parallel: 2\n`,
      answer: ({ body }) => people(person(/<q:iin>(\d)</.exec(body)?.[1] ?? '', body.includes('>2<') ? 'B' : 'A')),
    });
    expect(requests).to.have.length(3);
    expect(namesOf(answer)).to.deep.equal(['A', 'B', 'A']);
  });

  it('may have keys of several fields', async () => {
    const types =
      '{ Person: { key: [iin, year], OF, fields: { iin: { at: ["@iin"] }, year: { at: year, as: digits, length: 4 }, name: name } } }';
    const record = (iin: string, year: string, name: string): string =>
      `<p:person iin="${iin}"><p:year>${year}</p:year><p:name>${name}</p:name></p:person>`;
    const { answer, requests } = await ask({
      operations: `
    request: { body: { ask: { person: [{ '@iin': '{iin[]}', year: '{year[]}' }] } } }
    answer: { items: [people, person] }
    batch: { max: 10, absent: omitted }
`,
      types,
      answer: people(record('1', '2001', 'B') + record('1', '2000', 'A')),
      read: {
        keys: ['2000', '2001', '2002'].map((year) => ({ __typename: 'Person', iin: '1', year })),
      },
    });
    expect(requests[0]?.body).to.include(
      '<q:person iin="1"><q:year>2000</q:year></q:person><q:person iin="1"><q:year>2001',
    );
    expect(namesOf(answer)).to.deep.equal(['A', 'B', null]);
  });
});

describe('one record of a SOAP register', () => {
  const one = (answer: string, data: string, more = ''): Promise<readonly unknown[]> =>
    ask({ operations: ONE(answer), answer: data, iins: ['1'], more }).then(({ answer: read }) => namesOf(read));
  const failed = (answer: string, data: string | Buffer, more = ''): Promise<unknown> =>
    reasonOf({ operations: ONE(answer), answer: data, iins: ['1'], more });
  const RECORD = 'record: [people, person]';

  it('is absent only in the way that the mapping says', async () => {
    expect(await one(`${RECORD}, not_found: { missing: true }`, people(''))).to.deep.equal([null]);
    expect(await one(`${RECORD}, not_found: { missing: true }`, people('<p:person xsi:nil="1"/>'))).to.deep.equal([
      null,
    ]);
    expect(await failed(RECORD, people(''))).to.equal('soap_unexpected');
    expect(await failed(`${RECORD}, not_found: { missing: true }`, envelope('<p:x xmlns:p="urn:x"/>'))).to.equal(
      'soap_unexpected',
    );
    expect(await one(`${RECORD}, not_found: { element: [people, none] }`, people('<p:none>x</p:none>'))).to.deep.equal([
      null,
    ]);
    const code = `${RECORD}, not_found: { code: { at: [people, code], is: [404, '405'] } }`;
    expect(await one(code, people('<p:code>404</p:code>'))).to.deep.equal([null]);
    expect(await failed(code, people('<p:code>500</p:code>'))).to.equal('soap_unexpected');
  });

  it('is refused by an element or another code than the one of success, which speaks against nothing', async () => {
    const success = `${RECORD}, success: { at: [people, '@code'], is: 0 }`;
    const coded = (code: string): string => people(person('1')).replace('<p:people ', `<p:people ${code} `);
    expect(await one(success, coded('code="0"'))).to.deep.equal(['A']);
    for (const [answer, data] of [
      [success, coded('code="7"')],
      [`${RECORD}, refused: [people, error]`, people('<p:error/>')],
    ] as const)
      expect(await rejection(ask({ operations: ONE(answer), answer: data, iins: ['1'] })))
        .to.be.instanceOf(RegisterDeclined)
        .and.include({ reason: 'status_code_unknown', operation: 'ask' });
    expect(await failed(success, coded(''))).to.equal('soap_unexpected');
  });

  it('is absent by a Fault whose code the mapping names, and by no other', async () => {
    const fault = (code: string): Buffer =>
      response(envelope(`<s:Fault><faultcode>s:${code}</faultcode><faultstring>secret</faultstring></s:Fault>`), {
        status: '500 Internal Server Error',
      });
    const answer = `${RECORD}, not_found: { fault: Client.NotFound }`;
    const { answer: read } = await ask({ operations: ONE(answer), answer: fault('Client.NotFound'), iins: ['1'] });
    expect(namesOf(read)).to.deep.equal([null]);
    expect(await failed(answer, fault('Server'))).to.equal('soap_fault');
    expect(await failed(RECORD, fault('Client.NotFound'))).to.equal('soap_fault');
  });

  it('comes twice, or of another person, and is refused', async () => {
    expect(await failed(RECORD, people(person('1') + person('1')))).to.equal('duplicate_record');
    expect(await failed(RECORD, people(person('2')))).to.equal('other_subject');
    expect(await failed(RECORD, people('<p:person><p:name>A</p:name></p:person>'))).to.equal('key_missing');
  });

  it('is in no reply of another status, type or charset, and in none with attachments', async () => {
    const data = people(person('1'));
    const multipart = { type: 'multipart/related; type="application/xop+xml"; boundary=x' };
    expect(await failed(RECORD, response(data, multipart))).to.equal('mtom_unsupported');
    expect(await failed(RECORD, response(data, { type: 'text/html' }))).to.equal('content_type');
    expect(await failed(RECORD, response('<html/>', { type: 'text/html', status: '502 Bad Gateway' }))).to.equal(
      'status_unexpected',
    );
    expect(await failed(RECORD, response(data, { status: '404 Not Found' }))).to.equal('status_unexpected');
    expect(await failed(RECORD, response(data, { status: '401 Unauthorized' }))).to.equal('credentials_refused');
    expect(await failed(RECORD, response(data, { type: 'text/xml; charset=koi8-r' }))).to.equal('charset');
    expect(await failed(RECORD, response(data.replace('?>', ' encoding="koi8-r"?>')))).to.equal('charset');
    expect(await failed(RECORD, response('<a>'))).to.equal('xml_invalid');
    expect(await failed(RECORD, response('<!DOCTYPE a><a/>'))).to.equal('xml_doctype');
    expect(await failed(RECORD, response('<a>'.repeat(70)))).to.equal('xml_too_deep');
    expect(await failed(RECORD, response('<a/>'))).to.equal('envelope_missing');
    expect(await failed(RECORD, response(envelope('', SOAP_12)))).to.equal('envelope_missing');
    expect(await failed(RECORD, response(Buffer.concat([Buffer.from(data), Buffer.alloc(1_000_000, ' ')])))).to.equal(
      'too_large',
    );
  });

  it('comes with a byte order mark, another label of UTF-8, another type of XML, or with gzip', async () => {
    const data = people(person('1'));
    for (const reply of [
      response(`\ufeff${data.replace('?>', ' encoding="utf8"?>')}`, { type: 'application/xml; charset="UTF8"' }),
      response(data, { type: 'application/vnd.x+xml' }),
    ])
      expect(namesOf((await ask({ operations: ONE(RECORD), answer: reply, iins: ['1'] })).answer)).to.deep.equal(['A']);
    const zipped = response(gzipSync(data))
      .toString('latin1')
      .replace('\r\n\r\n', '\r\nContent-Encoding: gzip\r\n\r\n');
    const { answer } = await ask({ operations: ONE(RECORD), answer: Buffer.from(zipped, 'latin1'), iins: ['1'] });
    expect(namesOf(answer)).to.deep.equal(['A']);
  });

  it('is asked in SOAP 1.2, with the action in the type', async () => {
    const { answer, requests } = await ask({
      operations: `    action: urn:ask\n${ONE(RECORD)}`,
      more: 'soap: 1.2',
      answer: response(people(person('1')).replace(SOAP, SOAP_12), { type: 'application/soap+xml' }),
      iins: ['1'],
    });
    expect(namesOf(answer)).to.deep.equal(['A']);
    expect(requests[0]?.head)
      .to.match(/^Content-Type: application\/soap\+xml; charset=utf-8; action="urn:ask"\r?$/im)
      .and.not.match(/soapaction/i);
    expect(requests[0]?.body).to.match(new RegExp(`^<soap:Envelope xmlns:soap="${SOAP_12}"><soap:Body>`));
    const fault = envelope(
      '<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>x:NoSuch</s:Value></s:Subcode></s:Code></s:Fault>',
      SOAP_12,
    );
    const absent = await ask({
      operations: ONE(`${RECORD}, not_found: { fault: [NoSuch] }`),
      more: "soap: '1.2'",
      answer: response(fault, { status: '400 Bad Request', type: 'application/soap+xml' }),
      iins: ['1'],
    });
    expect(namesOf(absent.answer)).to.deep.equal([null]);
  });

  it('is in the text of an element, and asked in one', async () => {
    for (const [data, start, sent] of [
      ['text', '', '&lt;q:query xmlns:q=&quot;urn:people&quot;&gt;&lt;q:iin&gt;1&lt;/q:iin&gt;&lt;/q:query&gt;'],
      ['cdata', '<![CDATA[', '<![CDATA[<q:query xmlns:q="urn:people"><q:iin>1</q:iin></q:query>]]>'],
    ] as const) {
      const inner = `<p:people xmlns:p="${NS}">${person('1')}</p:people>`;
      const text = start === '' ? inner.replaceAll('<', '&lt;') : `${start}${inner}]]>`;
      const { answer, requests } = await ask({
        operations: `
    request: { body: { call: { '#xml': { query: { iin: '{iin}' } } } } }
    answer: { document: [answer, result], record: [people, person] }
`,
        more: `data: ${data}`,
        answer: envelope(`<p:answer xmlns:p="${NS}"><p:result>\n${text} </p:result></p:answer>`),
        iins: ['1'],
      });
      expect(requests[0]?.body).to.include(`<q:call xmlns:q="${NS}">${sent}</q:call>`);
      expect(namesOf(answer)).to.deep.equal(['A']);
    }
  });

  it('counts empty elements as absent where the mapping says so', async () => {
    const empty = people('<p:person><p:iin>1</p:iin><p:name/></p:person>');
    expect(await one(RECORD, empty)).to.deep.equal(['']);
    expect(await one(RECORD, empty, 'empty: absent')).to.deep.equal([null]);
  });
});
