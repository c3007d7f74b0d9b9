import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { RegisterDeclined, type Adapter, type CallGroup, type RegisterAnswer } from '../../../adapters/port.js';
import { createSigner } from '../../../adapters/soap/signing/signer.js';
import { HOUSING_FAMILY } from '../../../demo/country/people.js';
import { packageRoot } from '../../../gateway/state/package-root.js';
import { rejection } from '../../rejection.js';
import { citizens, entities, leaf, list, object, root } from '../selections.js';
import { adapterTo, clock, ONE_BY_ONE, PASSWORD, REGISTER_KEYS, SHIPPED, SOURCE } from './population.js';
import { rsaPair } from './signing/keys.js';
import { mockedHttp, type MockedHttp, type Scope } from '../../mocked-http.js';
import { someCalls } from '../../recorded-calls.js';
import { beyondOf } from '../../beyond.js';

const URL_ = 'http://127.0.0.1:9';
const XML = { 'Content-Type': 'text/xml; charset=utf-8' };
const { husband, wife } = HOUSING_FAMILY;
const NS = `xmlns:p="${SOURCE.namespace}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"`;

/** A response about people, before it is signed. */
interface Response {
  readonly people?: string;
  readonly code?: string;
  readonly correlationId?: string;
  readonly messageId?: string;
}

function responseText(
  asked: string,
  { people = '', code = 'SCSS001', correlationId, messageId = randomUUID() }: Response,
): string {
  const question = /<messageId>(.*?)<\/messageId>/.exec(asked)?.[1] ?? '';
  const info = `<messageId>${messageId}</messageId><correlationId>${correlationId ?? question}</correlationId><status><code>${code}</code></status>`;
  const data = `<p:personsResponse ${NS}>${people}</p:personsResponse>`;
  return `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><x:SendMessageResponse xmlns:x="http://bip.bee.kz/SyncChannel/v10/Types"><response><responseInfo>${info}</responseInfo><responseData><data>${data}</data></responseData></response></x:SendMessageResponse></s:Body></s:Envelope>`;
}

const person = (iin: string, more = ''): string => `<p:person><p:iin>${iin}</p:iin>${more}</p:person>`;
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('the SOAP adapter', () => {
  let adapter: Adapter;
  let mocked: MockedHttp;

  beforeEach(() => {
    mocked = mockedHttp();
    adapter = adapterTo(URL_, { http: mocked.client });
  });
  afterEach(async () => {
    await adapter.close();
    await mocked.close();
  });

  const answering = (response: Response | ((asked: string) => Response), key = REGISTER_KEYS.privateKey): Scope =>
    mocked
      .post(URL_, '/shep/sync')
      .reply(
        200,
        (asked) =>
          createSigner({ key, clock }).sign(
            responseText(asked, typeof response === 'function' ? response(asked) : response),
          ),
        XML,
      );
  const keyed = (fields: Parameters<typeof entities>[1], ...iins: readonly string[]): CallGroup => ({
    prepared: adapter.prepare(entities('Citizen', fields)),
    variables: {},
    keys: citizens(...iins),
  });
  const read = (...groups: readonly CallGroup[]): Promise<RegisterAnswer> =>
    adapter.read({ requestId: 'request-1', calls: someCalls(), groups, deadline: clock.monotonic() + 5_000 });
  const readOne = (fields: Parameters<typeof entities>[1]): Promise<RegisterAnswer> => read(keyed(fields, husband.iin));
  const kindOf = async (asked: Promise<unknown>): Promise<unknown> => {
    const error = (await rejection(asked)) as Error & { kind: unknown };
    expect(JSON.stringify([error.message, error.cause, error.stack]))
      .to.not.include(husband.iin)
      .and.not.include(PASSWORD);
    return error.kind;
  };

  it('asks in one signed message, by action, with the numbers in the body only', async () => {
    let body = '';
    const headers = {
      soapaction: '"SendMessage"',
      'content-type': 'text/xml; charset=utf-8',
      'x-request-id': 'request-1',
    };
    const scope = mocked
      .post(URL_, '/shep/sync', (text) => (body = text) !== '', headers)
      .reply(
        200,
        (text) =>
          createSigner({ key: REGISTER_KEYS.privateKey, clock }).sign(
            responseText(text, { people: person(husband.iin) + person(wife.iin) }),
          ),
        XML,
      );
    await read(keyed([leaf('iin')], husband.iin, wife.iin, husband.iin));
    scope.done();
    expect(body)
      .to.include('<ds:SignatureValue>')
      .and.include('<serviceId>GBDFL_PERSONS</serviceId>')
      .and.include(`<password>${PASSWORD}</password>`);
    expect([...body.matchAll(/<q:iin>(\d+)</g)].map(([, iin]) => iin)).to.deep.equal([husband.iin, wife.iin]);
  });

  it('answers root fields by their argument and links by their key only, as they are called in the question', async () => {
    answering({
      people:
        person(wife.iin) +
        person(husband.iin, `<p:lastName>А</p:lastName><p:family><p:spouse>${wife.iin}</p:spouse></p:family>`),
    });
    const group = {
      prepared: adapter.prepare(
        root('citizen', 'iin', 'who', 'Citizen', [
          leaf('__typename'),
          leaf('lastName', 'name'),
          object('spouse', 'Citizen', [leaf('__typename'), leaf('iin', 'number')]),
        ]),
      ),
      variables: { who: husband.iin },
    };
    const { groups } = await read(group);
    expect(plain(groups.map(({ records, errors }) => ({ records, errors })))).to.deep.equal([
      {
        records: [
          { citizen: { __typename: 'Citizen', name: 'А', spouse: { __typename: 'Citizen', number: wife.iin } } },
        ],
        errors: [],
      },
    ]);
  });

  it('reads texts as they came: leading zeros, exponents, entities, CDATA, white space', async () => {
    const texts = ['080101300123', '1e5', '&lt;&#1040;&gt;', '<![CDATA[<b>]]>', ' a\n b '];
    for (const text of texts) {
      answering({ people: person(husband.iin, `<p:lastName>${text}</p:lastName>`) });
      const { groups } = await readOne([leaf('lastName')]);
      const expected = { '&lt;&#1040;&gt;': '<А>', '<![CDATA[<b>]]>': '<b>' }[text] ?? text;
      expect(plain(groups[0]?.records)).to.deep.equal([{ lastName: expected }]);
    }
  });

  it('makes lists of repeated elements however many there are, null of nil and of what is not there', async () => {
    const documents = list('documents', 'IdentityDocument', [leaf('number', 'n')]);
    const document = (number: string): string => `<p:document><p:number>${number}</p:number></p:document>`;
    for (const [sent, expected] of [
      ['<p:documents/>', []],
      [`<p:documents>${document('1')}</p:documents>`, [{ n: '1' }]],
      [
        `<p:documents>${document('1')}<p:document xsi:nil="true"/><p:document/></p:documents>`,
        [{ n: '1' }, null, { n: null }],
      ],
      ['<p:documents xsi:nil="true"/>', null],
      ['', null],
    ] as const) {
      answering({ people: person(husband.iin, sent) });
      expect(plain((await readOne([documents])).groups[0]?.records)).to.deep.equal([{ documents: expected }]);
    }
  });

  it('makes null of what is of another form, says where, and lets the rest stand', async () => {
    answering({
      people: person(
        husband.iin,
        `<p:lastName><p:x/></p:lastName><p:firstName>A</p:firstName><p:firstName>B</p:firstName><p:sex/><p:family><p:spouse><p:iin/></p:spouse></p:family>`,
      ),
    });
    const { groups } = await readOne([
      leaf('lastName'),
      leaf('firstName', 'first'),
      leaf('sex'),
      object('spouse', 'Citizen', [leaf('iin')]),
    ]);
    expect(plain(groups[0]?.records)).to.deep.equal([{ lastName: null, first: null, sex: '', spouse: null }]);
    expect(groups[0]?.errors.map(({ path, reason }) => `${path.join('.')} ${reason}`)).to.deep.equal([
      '0.lastName value_type',
      '0.first value_type',
      '0.spouse value_type',
    ]);
  });

  it('reads elements of the register’s namespace with any prefix', async () => {
    answering({
      people: `<person xmlns="${SOURCE.namespace}"><q:iin xmlns:q="${SOURCE.namespace}">${husband.iin}</q:iin><lastName>А</lastName></person>`,
    });
    expect(plain((await readOne([leaf('lastName')])).groups[0]?.records)).to.deep.equal([{ lastName: 'А' }]);
    answering({ people: person(husband.iin, '<p:lastName xmlns:p="urn:another">X</p:lastName>') });
    const other = await readOne([leaf('lastName')]);
    expect(plain(other.groups[0]?.records)).to.deep.equal([{ lastName: null }]);
    expect(beyondOf(other)).to.deep.equal(['*']);
  });

  it('keeps nothing that was not selected, and tells that it came', async () => {
    const canary = 'canary-soap-test';
    const sent: readonly (readonly [string, readonly string[]])[] = [
      ['<p:lastName>А</p:lastName>', []],
      [`<p:lastName>А</p:lastName><p:firstName>${canary}</p:firstName>`, ['Citizen.firstName']],
      [`<p:lastName>А</p:lastName><p:photo>${canary}<p:lastName>${canary}</p:lastName></p:photo>`, ['*']],
      [`<p:lastName seen="${canary}">А</p:lastName>`, ['*']],
      [`<p:lastName>А</p:lastName><p:__proto__>${canary}</p:__proto__><p:constructor>${canary}</p:constructor>`, ['*']],
    ];
    for (const [more, beyond] of sent) {
      answering({ people: person(husband.iin, more) });
      const answer = await readOne([leaf('lastName')]);
      expect(plain(answer.groups[0]?.records)).to.deep.equal([{ lastName: 'А' }]);
      expect(beyondOf(answer), more).to.deep.equal(beyond);
      expect(JSON.stringify(answer)).to.not.include(canary);
    }
  });

  it('gives each group what it selected of its persons, and reads nothing of them for another', async () => {
    const more = '<p:lastName>А</p:lastName><p:firstName>Б</p:firstName>';
    answering({ people: person(wife.iin, more) + person(husband.iin, more) });
    const { groups } = await read(
      keyed([leaf('lastName')], husband.iin),
      keyed([leaf('firstName'), leaf('lastName', 'last')], wife.iin, husband.iin),
    );
    expect(plain(groups.map(({ records }) => records))).to.deep.equal([
      [{ lastName: 'А' }],
      [
        { firstName: 'Б', last: 'А' },
        { firstName: 'Б', last: 'А' },
      ],
    ]);
  });

  it('drops the record of someone who was not asked about, and tells of it', async () => {
    answering({
      people:
        person(husband.iin, '<p:lastName>А</p:lastName>') +
        person(wife.iin, '<p:lastName>Б</p:lastName>') +
        '<p:person><p:lastName>В</p:lastName></p:person>',
    });
    const answer = await readOne([leaf('lastName')]);
    expect(plain(answer.groups[0]?.records)).to.deep.equal([{ lastName: 'А' }]);
    expect(beyondOf(answer)).to.deep.equal(['*']);
    answering({ people: `${person(husband.iin)}<p:statistics/>` });
    expect(beyondOf(await readOne([leaf('iin')]))).to.deep.equal(['*']);
  });

  it('takes no one for someone’s absence: every key is accounted for, once', async () => {
    const absent = `<p:notFound>${husband.iin}</p:notFound>`;
    for (const people of [
      '',
      person(wife.iin),
      person(husband.iin) + person(husband.iin),
      person(husband.iin) + absent,
      `<p:person><p:iin>${husband.iin}</p:iin><p:iin>${wife.iin}</p:iin></p:person>`,
    ]) {
      answering({ people });
      expect(await kindOf(readOne([leaf('lastName')])), people).to.equal('malformed');
    }
    answering({ people: absent });
    expect((await readOne([leaf('lastName')])).groups[0]?.records).to.deep.equal([null]);
  });

  it('knows SHEP’s status: no one, and refusals that speak against nothing', async () => {
    answering({ code: '404' });
    expect((await readOne([leaf('lastName')])).groups[0]?.records).to.deep.equal([null]);
    for (const code of ['SCSE001', '', 'SCSS002']) {
      answering({ code, people: person(husband.iin) });
      expect(await rejection(readOne([leaf('lastName')])))
        .to.be.instanceOf(RegisterDeclined)
        .with.property('kind', 'failed');
    }
  });

  it('takes a Fault for failed, signed or not, with either status', async () => {
    const fault = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultstring>${husband.iin}</faultstring></s:Fault></s:Body></s:Envelope>`;
    for (const status of [200, 500]) {
      mocked.post(URL_, '/shep/sync').reply(status, fault, XML);
      expect(await kindOf(readOne([leaf('lastName')]))).to.equal('failed');
    }
  });

  it('takes nothing unsigned, signed by another, or meant for another question', async () => {
    mocked.post(URL_, '/shep/sync').reply(200, (body) => responseText(body, { people: person(husband.iin) }), XML);
    expect(await kindOf(readOne([leaf('iin')]))).to.equal('malformed');
    answering({ people: person(husband.iin) }, rsaPair('other').privateKey);
    expect(await kindOf(readOne([leaf('iin')]))).to.equal('malformed');
    answering({ people: person(husband.iin), correlationId: 'another' });
    expect(await kindOf(readOne([leaf('iin')]))).to.equal('malformed');
  });

  it('takes no message of the register twice', async () => {
    const once = { people: person(husband.iin), messageId: 'the-one' };
    answering(once);
    await readOne([leaf('iin')]);
    answering(once);
    expect(await rejection(readOne([leaf('iin')]))).to.include({ kind: 'malformed', reason: 'response_replayed' });
  });

  it('takes no reply of another type, charset or compression, none from elsewhere, and none with 404', async () => {
    const replies: readonly (readonly [number, string | Buffer, Record<string, string>])[] = [
      [200, '<a/>', { 'Content-Type': 'text/html' }],
      [200, '<a/>', { 'Content-Type': 'text/xml; charset=windows-1251' }],
      [200, gzipSync('x'.repeat(5_000_000)), { ...XML, 'Content-Encoding': 'gzip' }],
      [307, '', { ...XML, Location: 'http://127.0.0.1:9/elsewhere' }],
      [200, Buffer.from([0x3c, 0xc8, 0x3e]), XML],
    ];
    mocked.post(URL_, '/shep/sync').reply(404, '<a/>', XML);
    expect(await rejection(readOne([leaf('iin')]))).to.include({ reason: 'status_unexpected' });
    for (const [status, body, headers] of replies) {
      mocked.post(URL_, '/shep/sync').reply(status, body, headers);
      expect(await kindOf(readOne([leaf('iin')])), `${status} ${JSON.stringify(headers)}`).to.equal('malformed');
    }
  });

  it('asks many keys in messages of the register’s limit', async () => {
    await adapter.close();
    adapter = adapterTo(URL_, { http: mocked.client, source: ONE_BY_ONE });
    const echo = (asked: string): Response => ({ people: person(/<q:iin>(\d+)</.exec(asked)?.[1] ?? '') });
    const scopes = [answering(echo), answering(echo)];
    expect(plain((await read(keyed([leaf('iin')], husband.iin, wife.iin))).groups[0]?.records)).to.deep.equal([
      { iin: husband.iin },
      { iin: wife.iin },
    ]);
    for (const scope of scopes) scope.done();
  });

  it('prepares nothing that the mapping cannot serve, nor another person’s fields below a link, nor an element as two things', () => {
    const prepare = (fields: Parameters<typeof entities>[1]) => () => adapter.prepare(entities('Citizen', fields));
    expect(prepare([leaf('salary')])).to.throw('maps no Citizen.salary');
    expect(prepare([object('spouse', 'Citizen', [leaf('lastName')])])).to.throw(
      'Citizen.spouse.lastName is in another record',
    );
    expect(prepare([list('lastName', 'String', []), leaf('lastName')])).to.throw('as two things');
    expect(() => adapter.prepare(entities('Dwelling', [leaf('code')]))).to.throw('no key of Dwelling');
    expect(() => adapter.prepare(root('everyone', 'iin', 'iin', 'Citizen', [leaf('iin')]))).to.throw(
      'no root field everyone',
    );
  });

  it('asks for no key of a type that was not prepared, and for none that is not text', async () => {
    const prepared = adapter.prepare(entities('Citizen', [leaf('iin')]));
    for (const key of [
      { __typename: 'Citizen', iin: 12 },
      { __typename: 'Dwelling', iin: husband.iin },
      { iin: husband.iin },
    ]) {
      expect(await rejection(read({ prepared, variables: {}, keys: [key] }))).to.include({ kind: 'malformed' });
    }
  });

  it('maps every field of the population register’s schema that is not derived', () => {
    const sdl = readFileSync(join(packageRoot(), 'schemas', 'registers', 'population', 'schema.graphql'), 'utf8');
    for (const [type, { fields }] of Object.entries(SHIPPED.types)) {
      const body = new RegExp(`^type ${type} [^{]*\\{([\\s\\S]*?)^\\}`, 'm').exec(sdl)?.[1] ?? '';
      const declared = body
        .split('\n')
        .filter((line) => !line.includes('@derived'))
        .flatMap((line) => /^ {2}(\w+)\s*[:(]/.exec(line)?.[1] ?? []);
      expect(Object.keys(fields)).to.have.members(declared);
    }
  });
});
