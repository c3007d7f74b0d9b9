import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { RegisterDeclined, type Adapter, type OnBehalfOf } from '../../../adapters/port.js';
import { canonicalText } from '../../../adapters/soap/signing/canonical.js';
import { parseTree } from '../../../adapters/soap/signing/xml-tree.js';
import { packageRoot } from '../../../gateway/state/package-root.js';
import type { Random } from '../../../schemas/ports/random.js';
import { runningClock } from '../../doubles.js';
import { rejection } from '../../rejection.js';
import { entities, leaf, list, object, root } from '../selections.js';
import {
  rawRegister,
  readSelection,
  response,
  withAdapter,
  type AskedRead,
  type RawRequest,
  type Reading,
} from './raw-register.js';

const VENDOR = join(packageRoot(), 'tests', 'conformance', 'vendor');
const vendor = (...path: readonly string[]): string => readFileSync(join(VENDOR, ...path), 'utf8');

/** Asks a listener that answers with what `answer` says, and returns the request and what was read. */
async function asking<Result>(
  answer: (request: RawRequest) => Buffer | string,
  reading: Reading,
  use: (adapter: Adapter) => Promise<Result>,
): Promise<{ readonly requests: readonly RawRequest[]; readonly result: Result }> {
  const register = await rawRegister(answer);
  try {
    const result = await withAdapter(register.url, reading, use);
    return { requests: register.requests, result };
  } finally {
    await register.close();
  }
}

describe('the example of SHEP', () => {
  const uuids = (...texts: readonly string[]): Random => {
    const left = [...texts];
    return { bytes: (length) => Buffer.alloc(length), uuid: () => left.shift() ?? '' };
  };
  const source = `
protocol: soap
profile: shep-sync
security: none
call_id: none
elements: as_schema
namespaces: { q: 'urn:tereze:test:population:v1' }
zone: '+05:00'
constants: { sender: TEST, consent: token-of-consent, consentKey: key-of-consent }
shep:
  service_id: TEST_UNIVERSAL
  route_id: test-route
  session_id: '{uuid}'
  properties: { consentId: '0000' }
  status: { success: SCSS001, not_found: '404' }
operations:
  person:
    action: SendMessage
    request:
      body:
        '@xsi:type': q:PersonRequest
        messageId: '{uuid}'
        messageDate: '{now}'
        senderCode: '{constant.sender}'
        iin: '{iin}'
        kdpToken: '{constant.consent}'
        publicKey: '{constant.consentKey}'
    answer: { record: [] }
roots: {}
types: { Citizen: { key: iin, read: person, fields: { iin: iin, lastName: lastName, sexCode: { at: [sex, '@code'] } } } }
`;
  const clock = { ...runningClock(), now: () => new Date('2026-03-01T10:00:00Z') };
  const answer = (data: string): string =>
    `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><r:SendMessageResponse xmlns:r="http://bip.bee.kz/SyncChannel/v10/Types"><return><responseInfo><messageId>22222222-2222-4222-8222-222222222222</messageId><correlationId>11111111-1111-4111-8111-111111111111</correlationId><status><code>SCSS001</code></status></responseInfo><responseData>${data}</responseData></return></r:SendMessageResponse></s:Body></s:Envelope>`;
  const settings = { sender_id: 'test', password_file: 'file:password' };

  it('is what we send, and data with a type is a record', async () => {
    const { requests, result } = await asking(
      () =>
        response(
          answer(
            '<data xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="q:Person" xmlns:q="urn:x"><iin>010203590013</iin><lastName>Тестов</lastName><sex code="1">M</sex></data>',
          ),
        ),
      {
        source,
        settings,
        files: { password: 'test' },
        clock,
        random: uuids(
          '11111111-1111-4111-8111-111111111111',
          '33333333-3333-4333-8333-333333333333',
          '55555555-5555-4555-8555-555555555555',
        ),
      },
      (adapter) =>
        readSelection(adapter, entities('Citizen', [leaf('iin'), leaf('lastName'), leaf('sexCode')]), {
          keys: [{ __typename: 'Citizen', iin: '010203590013' }],
          clock,
        }),
    );
    expect(requests[0]?.body).to.equal(vendor('shep', 'request.xml').trim());
    expect(result.groups).to.deep.equal([
      { records: [{ iin: '010203590013', lastName: 'Тестов', sexCode: '1' }], errors: [] },
    ]);
  });
});

describe('the X-Road 4.0 examples', () => {
  const onBehalfOf = (officer: string, number?: string): OnBehalfOf => ({
    system: 's',
    purpose: 'p',
    officer,
    ...(number === undefined ? {} : { case: { agency: 'a', number } }),
  });
  const hash = (text: string): string => createHash('sha512').update(text, 'utf8').digest('base64');
  /** The example, as the security server would send it for this request. */
  const answerTo = (file: string, { body }: RawRequest, more: (xml: string) => string = (xml) => xml): Buffer => {
    const field = (name: string): string => new RegExp(`<xrd:${name} [^>]*>([^<]*)<`).exec(body)?.[1] ?? '';
    const [prefix = ''] = /\w+(?=:protocolVersion>)/.exec(vendor('wsdl', file)) ?? [];
    const xml = vendor('wsdl', file)
      .replace(/(<\w+:id>)[^<]*/, `$1${field('id')}`)
      .replace(/(<\w+:userId>)[^<]*/, `$1${field('userId')}`)
      .replace(/<\w+:requestHash[^]*?<\/\w+:requestHash>/, '')
      .replace(
        `</${prefix}:protocolVersion>`,
        `</${prefix}:protocolVersion><${prefix}:requestHash algorithmId="http://www.w3.org/2001/04/xmlenc#sha512">${hash(body)}</${prefix}:requestHash>`,
      );
    return response(more(xml));
  };
  const head = (instance: string, code: string, subsystem: string): string => `
protocol: soap
profile: xroad-4.0
namespace: http://test.x-road.global/producer
service: { instance: ${instance}, member_class: GOV, member_code: '${code}', subsystem: ${subsystem} }
`;
  const hello = `${head('FI_TEST', '9876543-1', 'DemoService')}
operations:
  helloService:
    action: ''
    service_version: v1
    request: { body: { helloService: { name: '{name}' } } }
    answer: { record: [helloServiceResponse] }
  getRandom: { action: '', service_version: v1, request: { body: { getRandom: null } }, answer: { record: getRandomResponse } }
roots: { hello: { operation: helloService }, random: { operation: getRandom } }
types:
  Greeting: { fields: { message: message } }
  Random: { fields: { data: { at: data, as: integer } } }
`;
  const people = `${head('PLAYGROUND', '8765432-1', 'TestService')}
operations:
  listPeople:
    action: ''
    service_version: v1
    request: { body: { listPeople: null } }
    answer: { items: [listPeopleResponse, people, person] }
  personDetails:
    action: ''
    service_version: v1
    request: { body: { personDetails: { ssn: '{ssn}' } } }
    answer: { record: [personDetailsResponse, person], not_found: { missing: true } }
roots: { people: { operation: listPeople } }
types:
  Person:
    key: ssn
    read: personDetails
    fields: { ssn: ssn, firstName: firstName, contacts: { at: [contacts, contact], type: Contact }, kinds: { at: [contacts, contact, type] } }
  Contact: { fields: { type: type, value: value } }
`;
  const settings = (client: string): Readonly<Record<string, unknown>> => ({ client });
  const FINNISH = 'FI_TEST/GOV/1234567-8/TestClient';
  const PLAYGROUND = 'PLAYGROUND/COM/1234567-8/TestClient';

  it('helloService: the header and the body are those of the example', async () => {
    const { requests, result } = await asking(
      (request) => answerTo('xrd4j-example-adapter/examples/helloServiceResponse.xml', request),
      { source: hello, settings: settings(FINNISH) },
      (adapter) =>
        readSelection(adapter, root('hello', 'name', 'who', 'Greeting', [leaf('message')]), {
          variables: { who: 'Test' },
          onBehalfOf: onBehalfOf('EE1234567890'),
        }),
    );
    expect(result.groups[0]?.records).to.deep.equal([
      { hello: { message: 'Hello Test! Greetings from adapter server!' } },
    ]);
    const sent = requests[0]?.body ?? '';
    const blocks = (xml: string): readonly string[] => {
      const [header, body] = parseTree(xml).children.filter((child) => typeof child !== 'string');
      const texts = (header?.children ?? []).flatMap((child) =>
        typeof child === 'string' ? [] : [canonicalText(child, { exclusive: true, inherited: 'none', prefixes: [] })],
      );
      return [
        ...texts,
        ...(body === undefined ? [] : [canonicalText(body, { exclusive: true, inherited: 'none', prefixes: [] })]),
      ]
        .map((text) => text.replace(/>\s+</g, '><').replace(/(<\/?)\w+:|xmlns:\w+/g, '$1'))
        .sort();
    };
    const example = vendor('wsdl', 'xrd4j-example-adapter', 'examples', 'helloServiceRequest.xml')
      .replace('ID11234', 'request-1-1')
      .replace('EE1234567890', 'KZEE1234567890');
    expect(blocks(sent)).to.deep.equal(blocks(example));
    expect(requests[0]?.head).to.match(/^SOAPAction: ""\r?$/m);
  });

  it('getRandom: a number is read by its transform', async () => {
    const { result } = await asking(
      (request) => answerTo('xrd4j-example-adapter/examples/getRandomResponse.xml', request),
      { source: hello, settings: settings(FINNISH) },
      (adapter) =>
        readSelection(
          adapter,
          {
            ...root('random', 'x', 'x', 'Random', [leaf('__typename')]),
            fields: [
              {
                parentType: 'Query',
                name: 'random',
                responseKey: 'random',
                type: 'Random',
                list: false,
                fields: [
                  { parentType: 'Random', name: 'data', responseKey: 'data', type: 'Int', list: false, fields: [] },
                ],
              },
            ],
          },
          { onBehalfOf: onBehalfOf('EE1234567890') },
        ),
    );
    expect(result.groups).to.deep.equal([
      { records: [{ random: { data: 95 } }], errors: [], converted: ['data: integer'] },
    ]);
  });

  const listPeople = {
    ...root('people', 'x', 'x', 'Person', [leaf('__typename')]),
    fields: [list('people', 'Person', [leaf('ssn'), leaf('firstName')])('Query')],
  };

  it('listPeople: a root is a list', async () => {
    const { result } = await asking(
      (request) => answerTo('xrd4j-example-adapter/examples/listPeopleResponse.xml', request),
      { source: people, settings: settings(PLAYGROUND) },
      (adapter) => readSelection(adapter, listPeople, { onBehalfOf: onBehalfOf('x') }),
    );
    const [record] = result.groups[0]?.records ?? [];
    expect(record?.['people']).to.have.length(6);
    expect((record?.['people'] as unknown[])[4]).to.deep.equal({ ssn: '1234', firstName: 'Luke' });
  });

  const details = (
    asked: AskedRead = {},
    more?: (xml: string) => string,
  ): Promise<{ readonly result: Awaited<ReturnType<typeof readSelection>> }> =>
    asking(
      (request) => answerTo('xrd4j-example-adapter/examples/personDetailsResponse.xml', request, more),
      { source: people, settings: settings(PLAYGROUND) },
      (adapter) =>
        readSelection(
          adapter,
          entities('Person', [leaf('ssn'), list('contacts', 'Contact', [leaf('type'), leaf('value')])]),
          { keys: [{ __typename: 'Person', ssn: '1235' }], onBehalfOf: onBehalfOf('x'), ...asked },
        ),
    );

  it('personDetails: one person by a key, and lists in it', async () => {
    const { result } = await details();
    expect(result.groups[0]?.records).to.deep.equal([
      {
        ssn: '1235',
        contacts: [
          { type: 'phone', value: '+123 4567890' },
          { type: 'email', value: 'other@email.nil' },
        ],
      },
    ]);
  });

  it('collects what is in each item of a list', async () => {
    const { result } = await asking(
      (request) => answerTo('xrd4j-example-adapter/examples/personDetailsResponse.xml', request),
      { source: people, settings: settings(PLAYGROUND) },
      (adapter) =>
        readSelection(adapter, entities('Person', [list('kinds', 'String', [])]), {
          keys: [{ __typename: 'Person', ssn: '1235' }],
          onBehalfOf: onBehalfOf('x'),
        }),
    );
    expect(result.groups[0]?.records).to.deep.equal([{ kinds: ['phone', 'email'] }]);
  });

  it('knows no one by an answer without the person, and takes none of another', async () => {
    const without = (xml: string): string => xml.replace(/<prod:person>[^]*<\/prod:person>/, '');
    expect((await details({}, without)).result.groups[0]?.records).to.deep.equal([null]);
    const other = { keys: [{ __typename: 'Person', ssn: '1234' }] };
    expect(await rejection(details(other))).to.have.property('reason', 'other_subject');
    const empty = (xml: string): string =>
      xml.replace(/<prod:personDetailsResponse[^]*<\/prod:personDetailsResponse>/, '');
    expect(await rejection(details({}, empty))).to.have.property('reason', 'soap_unexpected');
  });

  it('takes no answer whose header is not ours, or that does not prove which question it answers', async () => {
    const cases: readonly [reason: string, change: (xml: string) => string][] = [
      ['xroad_header', (xml) => xml.replace(/(<xro:id>)[^<]*/, '$1another')],
      ['xroad_header', (xml) => xml.replace(/(<xro:userId>)[^<]*/, '$1another')],
      ['xroad_header', (xml) => xml.replace('<xro:issue/>', '<xro:issue>another</xro:issue>')],
      ['xroad_header', (xml) => xml.replace('4.0</xro:protocolVersion>', '3.1</xro:protocolVersion>')],
      ['xroad_header', (xml) => xml.replace('>8765432-1<', '>8765432-2<')],
      ['xroad_header', (xml) => xml.replace('<iden:serviceVersion>v1</iden:serviceVersion>', '')],
      ['xroad_header', (xml) => xml.replace(/<xro:client[^]*<\/xro:client>/, '')],
      ['xroad_header', (xml) => xml.replace(/(<xro:id>[^<]*<\/xro:id>)/, '$1$1')],
      ['xroad_header', (xml) => xml.replace(/<soapenv:Header>[^]*<\/soapenv:Header>/, '')],
      ['hash_mismatch', (xml) => xml.replace(/(<xro:requestHash[^>]*>)./, '$1_')],
      ['hash_mismatch', (xml) => xml.replace(/<xro:requestHash[^]*<\/xro:requestHash>/, '')],
      ['hash_mismatch', (xml) => xml.replace('xmlenc#sha512', 'xmldsig#sha1')],
    ];
    for (const [reason, change] of cases)
      expect(await rejection(details({}, change)), String(change)).to.have.property('reason', reason);
  });

  it('tells a Fault of the service from one of X-Road', async () => {
    const fault = (code: string): Promise<unknown> =>
      rejection(
        asking(
          () =>
            response(
              vendor('wsdl', 'xrd4j-example-adapter', 'examples', 'fault-client-error.xml').replace(
                'SOAP-ENV:Client',
                code,
              ),
              { status: '500 Internal Server Error' },
            ),
          { source: people, settings: settings(PLAYGROUND) },
          (adapter) => readSelection(adapter, listPeople),
        ),
      );
    expect(await fault('SOAP-ENV:Client')).to.have.property('reason', 'soap_fault');
    expect(await fault('Server.ServerProxy.ServiceFailed')).to.have.property('reason', 'xroad_error');
    expect(await fault('Server.ServerProxy.AccessDenied')).to.have.property('reason', 'access_refused');
  });

  it('sendMessage of the adapter gateway: several parameters, an answer with a code, names with dots', async () => {
    const source = `
protocol: soap
profile: xroad-4.0
namespace: http://com.example/some-namespace
service: { instance: FI, member_class: GOV, member_code: '1002', subsystem: SS1 }
operations:
  sendMessage:
    service_version: v1
    request:
      body:
        sendMessage:
          sender: '{sender}'
          message:
            messageId: '{messageId}'
            subject: '{subject}'
            text: '{text}'
            attachments: { attachmentId: '{attachment}', name: '{none}', mediaType: 'application/pdf' }
    answer: { record: [sendMessageResponse], success: { at: [sendMessageResponse, result, code], is: [OK] } }
roots: { send: { operation: sendMessage, arguments: { sender: who } } }
types: { Sent: { fields: { sender: sender, text: { at: [result, child, someText] } } } }
`;
    const ask = (
      change: (xml: string) => string = (xml) => xml,
    ): ReturnType<typeof asking<Awaited<ReturnType<typeof readSelection>>>> =>
      asking(
        (request) =>
          answerTo('rest-adapter-gateway/examples/consumer-gw-test-response.xml', request, (xml) =>
            change(
              xml
                .replace('>?<', '>4.0<')
                .replace(/<iden:xRoadInstance>1/g, '<iden:xRoadInstance>FI')
                .replace(/<iden:memberClass>1/g, '<iden:memberClass>GOV')
                .replace('<iden:memberCode>1', '<iden:memberCode>1002')
                .replace('<iden:memberCode>1<', '<iden:memberCode>1945065-0<')
                .replace('<iden:subsystemCode>1', '<iden:subsystemCode>SS1')
                .replace('<iden:subsystemCode>1<', '<iden:subsystemCode>REST-GW-CONSUMERS<')
                .replace('<iden:serviceVersion>1', '<iden:serviceVersion>v1'),
            ),
          ),
        { source, settings: { client: 'FI/GOV/1945065-0/REST-GW-CONSUMERS' } },
        (adapter) =>
          readSelection(
            adapter,
            {
              ...root('send', 'x', 'x', 'Sent', [leaf('__typename')]),
              fields: [
                {
                  ...object('send', 'Sent', [leaf('sender'), leaf('text')])('Query'),
                  argumentsFrom: (variables) => variables,
                },
              ],
            },
            {
              variables: {
                who: 'Some & Name',
                messageId: 12345678,
                subject: 'some text',
                text: null,
                attachment: '100',
              },
              onBehalfOf: onBehalfOf('x'),
            },
          ),
      );
    const { requests, result } = await ask();
    expect(result.groups[0]?.records).to.deep.equal([{ send: { sender: 'Some Name', text: 'some text' } }]);
    expect(requests[0]?.body).to.include(
      '<q:sendMessage xmlns:q="http://com.example/some-namespace"><q:sender>Some &amp; Name</q:sender><q:message><q:messageId>12345678</q:messageId><q:subject>some text</q:subject><q:attachments><q:attachmentId>100</q:attachmentId><q:mediaType>application/pdf</q:mediaType></q:attachments></q:message></q:sendMessage>',
    );
    expect(requests[0]?.head).to.not.match(/SOAPAction/i);
    const failed = (xml: string): string => xml.replace('>OK<', '>ERROR<');
    expect(await rejection(ask(failed)))
      .to.be.instanceOf(RegisterDeclined)
      .and.have.property('reason', 'status_code_unknown');
  });
});

describe('the examples of ANPR', () => {
  const source = `
protocol: soap
profile: plain
elements: as_schema
namespaces: { c: 'http://sogei.it/ANPR/3000consultazione' }
zone: '+01:00'
constants: { sender: '999999', office: ANPR00 }
operations:
  consultazione:
    request:
      header: { 'c:testata': { sender: '{constant.sender}' } }
      body:
        c:Richiesta3006:
          testataRichiesta: { codMittente: '{constant.sender}', codDestinatario: '{constant.office}', operazioneRichiesta: 3006, dataOraRichiesta: '{now}' }
          criteriRicerca: { codiceFiscale: '{codiceFiscale}' }
    answer:
      items: [Risposta3006, Risposta3006_OK, listaSoggetti, datiSoggetto]
      not_found: { code: { at: [Risposta3006, rispostaKO, listaErrori, errore, codiceErroreAnomalia], is: E404 } }
      refused: [Risposta3006, rispostaKO]
roots: { persona: codiceFiscale }
types:
  Persona:
    key: codiceFiscale
    read: consultazione
    fields:
      codiceFiscale: { at: [generalita, codiceFiscale, codFiscale] }
      cognome: generalita.cognome
      nascita: generalita.dataNascita
`;
  const ask = (
    file: string,
    change: (xml: string) => string = (xml) => xml,
  ): ReturnType<typeof asking<Awaited<ReturnType<typeof readSelection>>>> =>
    asking(
      () => response(change(vendor('wsdl', 'anpr-3000', 'examples', file))),
      { source, clock: { ...runningClock(), now: () => new Date('2026-03-01T10:00:00Z') } },
      (adapter) =>
        readSelection(
          adapter,
          root('persona', 'codiceFiscale', 'who', 'Persona', [leaf('codiceFiscale'), leaf('cognome'), leaf('nascita')]),
          { variables: { who: 'TSTPRV01B43X000A' } },
        ),
    );

  it('mix qualified elements with unqualified ones, with a header block and without SOAPAction', async () => {
    const { requests, result } = await ask('3006-found.xml');
    expect(result.groups[0]?.records).to.deep.equal([
      { persona: { codiceFiscale: 'TSTPRV01B43X000A', cognome: 'PROVA', nascita: '2001-02-03' } },
    ]);
    const [{ head, body } = { head: '', body: '' }] = requests;
    expect(head).to.not.match(/SOAPAction/i);
    expect(body).to.equal(
      '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Header><c:testata xmlns:c="http://sogei.it/ANPR/3000consultazione"><sender>999999</sender></c:testata></soap:Header><soap:Body><c:Richiesta3006 xmlns:c="http://sogei.it/ANPR/3000consultazione"><testataRichiesta><codMittente>999999</codMittente><codDestinatario>ANPR00</codDestinatario><operazioneRichiesta>3006</operazioneRichiesta><dataOraRichiesta>2026-03-01T11:00:00.000+01:00</dataOraRichiesta></testataRichiesta><criteriRicerca><codiceFiscale>TSTPRV01B43X000A</codiceFiscale></criteriRicerca></c:Richiesta3006></soap:Body></soap:Envelope>',
    );
  });

  it('refuse in the same 200, and say by a code of the mapping that no one has the number', async () => {
    expect(await rejection(ask('3006-refused.xml')))
      .to.be.instanceOf(RegisterDeclined)
      .and.have.property('reason', 'status_code_unknown');
    const { result } = await ask('3006-refused.xml', (xml) => xml.replace('E001', 'E404'));
    expect(result.groups[0]?.records).to.deep.equal([{ persona: null }]);
  });

  it('are one person, and of the number that was asked', async () => {
    const twice = (xml: string): string => xml.replace(/<datiSoggetto>[^]*<\/datiSoggetto>/, '$&$&');
    expect(await rejection(ask('3006-found.xml', twice))).to.have.property('reason', 'duplicate_record');
    const other = (xml: string): string => xml.replace('TSTPRV01B43X000A', 'TSTPRV01B43X000B');
    expect(await rejection(ask('3006-found.xml', other))).to.have.property('reason', 'other_subject');
  });
});
