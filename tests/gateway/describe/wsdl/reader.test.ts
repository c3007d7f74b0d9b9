import { expect } from 'chai';
import { soapSource } from '../../../../adapters/soap/check/check-source.js';
import type { RegisterDescription, Shape } from '../../../../gateway/describe/description.js';
import { DocumentFault } from '../../../../gateway/describe/reader.js';
import { rejection } from '../../../rejection.js';
import { described, operationIn, vendorDescribed, vendorText, wsdl } from './described.js';

/** The state of each operation. */
function statesOf({ operations }: RegisterDescription): Readonly<Record<string, string>> {
  return Object.fromEntries(
    operations.map(({ name, refused, needsExample }) => [name, refused ?? needsExample ?? 'ready']),
  );
}

/** A shape, short: names of members with `?` where they may be missing, `[]` around lists, types of leaves. */
function short(shape: Shape | undefined): unknown {
  switch (shape?.kind) {
    case 'leaf':
      return shape.type;
    case 'list':
      return [short(shape.of)];
    case 'object':
      return Object.fromEntries(
        shape.members.map(({ at, required, nullable, shape: inner }) => [
          `${at.join('.')}${required ? '' : '?'}${nullable ? '!' : ''}`,
          short(inner),
        ]),
      );
    case 'choice':
      return {
        [`by ${shape.discriminator.join('.')}`]: Object.fromEntries(
          shape.variants.map(({ value, shape: one }) => [value, short(one)]),
        ),
      };
    default:
      return shape?.why;
  }
}

const ASK = '<x:element name="ask" type="x:string"/>';
const SIMPLE = `${ASK}<x:element name="answer"><x:complexType><x:sequence><x:element name="name" type="x:string"/></x:sequence></x:complexType></x:element>`;
const EXAMPLE = 'the document does not say what is in its answer (xs:any)';
const ATTACHED = 'its message has attachments, by its name, which are not read';

describe('the reader of WSDL', () => {
  it('reads the example adapter of xrd4j: four operations, two refused', async () => {
    const description = await vendorDescribed('xrd4j-example-adapter', 'example-adapter.wsdl', {
      operations: ['personDetails'],
      personal: new Set(['ssn']),
    });
    expect(statesOf(description)).to.deep.equal({
      getRandom: 'ready',
      helloService: 'ready',
      listPeople: 'ready',
      personDetails: 'ready',
      storeAttachments: ATTACHED,
      getAttachments: ATTACHED,
    });
    expect(description.source).to.include({ profile: 'xroad-4.0', namespace: 'http://test.x-road.global/producer' });
    const details = operationIn(description, 'personDetails');
    expect(details.asked).to.deep.equal({
      action: '',
      service_version: 'v1',
      request: { body: { personDetails: { ssn: '{ssn}' } } },
      answer: { record: ['personDetailsResponse', 'person'], not_found: { missing: true } },
    });
    expect(details.entity).to.deep.equal({ by: 'read', key: [{ parameter: 'ssn', member: 'ssn' }] });
    expect(details.parameters[0]).to.include({ name: 'ssn', required: true, isPersonal: true });
    expect(short(details.answer)).to.deep.equal({
      ssn: 'text',
      firstName: 'text',
      lastName: 'text',
      dateOfBirth: 'date',
      'contactAddress?': 'text',
      contacts: { 'contact?': [{ type: 'text', name: 'text', value: 'text' }] },
    });
    expect(operationIn(description, 'listPeople').asked).to.deep.include({
      answer: { items: ['listPeopleResponse', 'people', 'person'] },
      request: { body: { listPeople: null } },
    });
    expect(description.said.map(({ message }) => message)).to.include(
      'there is no message requestHeader: requestheader is taken',
    );
  });

  it('reads the gateway of the REST adapter: three operations, six with an example', async () => {
    const description = await vendorDescribed('rest-adapter-gateway', 'provider-gateway.wsdl');
    expect(statesOf(description)).to.deep.equal({
      getOrganizationList: 'ready',
      getOrganization: 'ready',
      fintoService: 'ready',
      getLibrary: EXAMPLE,
      searchCompany: EXAMPLE,
      getCompany: EXAMPLE,
      getPTVOrganizationList: EXAMPLE,
      getPTVOrganization: EXAMPLE,
      getFinnaRecord: EXAMPLE,
    });
    expect(operationIn(description, 'getOrganization').asked['answer']).to.deep.equal({
      items: ['getOrganizationResponse', 'response', 'result'],
    });
    expect(operationIn(description, 'fintoService').asked['answer']).to.deep.equal({
      record: ['fintoServiceResponse', 'response'],
    });
  });

  it('takes from an example what xs:any leaves open, with names that hold dots', async () => {
    const description = await vendorDescribed('rest-adapter-gateway', 'provider-gateway.wsdl', {
      operations: ['getLibrary'],
      examples: {
        getLibrary: `<getLibraryResponse xmlns="http://x-road.global/producer"><request/><response><library id="1"><city.name>x</city.name></library><library><open>y</open></library></response></getLibraryResponse>`,
      },
    });
    const { needsExample, refused, answer, asked } = operationIn(description, 'getLibrary');
    expect([needsExample, refused]).to.deep.equal([undefined, undefined]);
    expect(short(answer)).to.deep.equal([{ '@id?!': 'text', 'city.name?!': 'text', 'open?!': 'text' }]);
    expect(asked).to.deep.include({ answer: { items: ['getLibraryResponse', 'response', 'library'] } });
    expect(description.source).to.include({ elements: 'qualified' });
  });

  it('takes a part of an answer for an example, and its question from what the answer repeats', async () => {
    const part = vendorText('rest-adapter-gateway', 'examples/consumer-IT-expected-response.xml');
    const company = await vendorDescribed('rest-adapter-gateway', 'provider-gateway.wsdl', {
      operations: ['getCompany'],
      examples: { getCompany: part },
    });
    expect(operationIn(company, 'getCompany').asked['answer']).to.deep.equal({
      record: ['getCompanyResponse', 'response', 'getDepartmentResponse'],
      not_found: { missing: true },
    });
    const envelope = `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><getFinnaRecordResponse xmlns="urn:other"><request><id>1</id></request><response><title>x</title></response></getFinnaRecordResponse></e:Body></e:Envelope>`;
    const record = await vendorDescribed('rest-adapter-gateway', 'provider-gateway.wsdl', {
      operations: ['getFinnaRecord'],
      examples: { getFinnaRecord: envelope },
    });
    expect(record.source['namespaces']).to.deep.equal({
      producer: 'http://x-road.global/producer',
      other: 'urn:other',
    });
    expect(operationIn(record, 'getFinnaRecord').asked['request']).to.deep.equal({
      body: { 'producer:getFinnaRecord': { 'producer:request': { 'other:id': '{id}' } } },
    });
  });

  it('reads the queries of ANPR: eight operations, an answer or a refusal, a header of its own', async () => {
    const description = await vendorDescribed('anpr-3000', '3000serviziConsultazione.wsdl', {
      operations: ['consultazione_sezione'],
    });
    expect(Object.values(statesOf(description))).to.deep.equal(Array.from({ length: 8 }, () => 'ready'));
    const section = operationIn(description, 'consultazione_sezione');
    expect(section.asked['answer']).to.deep.equal({
      record: ['Risposta3008', 'Risposta3008_OK'],
      refused: ['Risposta3008', 'rispostaKO'],
    });
    const { constants } = description.source;
    expect(constants).to.include({ codMittente: 'VALUE' });
    expect(JSON.stringify(section.asked['request'])).to.match(
      /"testataRichiesta":\{"idOperazioneComune":"\{constant\.idOperazioneComune\}".*"dataOraRichiesta":"\{now\}"/,
    );
    expect(section.said.map(({ message }) => message).join('\n')).to.include('--constant codMittente=VALUE');
    const file = operationIn(description, 'visualizzazione_eleaborati');
    expect(JSON.stringify(short(file.answer))).to.include('binary');
  });

  it('writes what a source may hold', async () => {
    for (const [folder, file] of [
      ['xrd4j-example-adapter', 'example-adapter.wsdl'],
      ['rest-adapter-gateway', 'provider-gateway.wsdl'],
      ['anpr-3000', '3000serviziConsultazione.wsdl'],
    ] as const) {
      const { source, operations } = await vendorDescribed(folder, file);
      const asked = operations.filter(
        ({ refused, needsExample }) => refused === undefined && needsExample === undefined,
      );
      const constants = Object.fromEntries(
        [...JSON.stringify(asked).matchAll(/\{constant\.([^}]*)\}/g)].map(([, name = '']) => [name, 'x']),
      );
      const text = {
        ...source,
        constants,
        operations: Object.fromEntries(asked.map(({ name, asked: one }) => [name, one])),
        roots: {},
        types: {},
      };
      expect(soapSource.safeParse(text).error, folder).to.equal(undefined);
    }
  });

  it('names the service, its address and version of SOAP', async () => {
    const text = wsdl({ schema: SIMPLE });
    const { title, settings, source } = await described(text);
    expect([title, settings['url'], source['soap'], source['profile']]).to.deep.equal([
      'Register',
      'https://register.example/soap',
      '1.1',
      'plain',
    ]);
    const soap12 = text.replaceAll('http://schemas.xmlsoap.org/wsdl/soap/', 'http://schemas.xmlsoap.org/wsdl/soap12/');
    expect((await described(soap12)).source['soap']).to.equal('1.2');
  });

  const refusals: readonly [what: string, text: string, reason: RegExp][] = [
    ['style rpc', wsdl({ schema: SIMPLE, binding: 'style="rpc"' }), /style is rpc/],
    ['use encoded', wsdl({ schema: SIMPLE, input: '<s:body use="encoded"/>' }), /use is encoded/],
    [
      'a name that changes data',
      wsdl({ schema: SIMPLE, name: 'updatePerson' }),
      /changes data, by its name \("update"\)/,
    ],
    [
      'a name that changes data in another language',
      wsdl({ schema: SIMPLE, name: 'iscrizione_cittadino' }),
      /changes data, by its name \("iscrizione"\)/,
    ],
    ['a name that says nothing', wsdl({ schema: SIMPLE, name: 'anagrafe' }), /say so with --reads anagrafe$/],
    [
      'MIME parts',
      wsdl({ schema: SIMPLE, output: '<m:multipartRelated xmlns:m="http://schemas.xmlsoap.org/wsdl/mime/"/>' }),
      /attachments \(MIME\)/,
    ],
    [
      'XOP',
      wsdl({
        schema: `${ASK}<x:element name="answer"><x:complexType><x:sequence><x:element xmlns:o="http://www.w3.org/2004/08/xop/include" ref="o:Include"/></x:sequence></x:complexType></x:element>`,
      }),
      /attachments/,
    ],
    [
      'a missing schema',
      wsdl({ schema: '<x:element name="ask" type="x:string"/>' }),
      /element answer is not described/,
    ],
  ];
  for (const [what, text, reason] of refusals)
    it(`refuses an operation for ${what}`, async () => {
      const [operation] = (await described(text)).operations;
      expect(operation?.refused).to.match(reason);
    });

  it('takes the steward’s word that an operation only reads', async () => {
    const text = wsdl({ schema: SIMPLE, name: 'registerExtract' });
    expect(operationIn(await described(text), 'registerExtract').refused).to.include('--reads');
    const { refused } = operationIn(
      await described(text, { reading: new Set(['registerExtract']) }),
      'registerExtract',
    );
    expect(refused).to.equal(undefined);
  });

  it('does not take a word for another that begins alike', async () => {
    const [operation] = (await described(wsdl({ schema: SIMPLE, name: 'addressLookup' }))).operations;
    expect(operation?.refused).to.equal(undefined);
  });

  it('refuses what is no WSDL, and what could harm its reader', async () => {
    const deep = `${'<a>'.repeat(101)}${'</a>'.repeat(101)}`;
    for (const [text, message] of [
      ['', 'is no XML'],
      ['<a', 'is no XML'],
      ['<a/>', 'is neither a WSDL 1.1 nor an XML Schema'],
      ['<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 'DOCTYPE'],
      ['<?xml-stylesheet href="x"?><a/>', 'processing instruction'],
      [deep, 'more than 100 elements in each other'],
      ['<w:definitions xmlns:w="http://schemas.xmlsoap.org/wsdl/"/>', 'binds no operation'],
      ['<?xml version="1.0" encoding="koi9"?><a/>', 'is not in koi9'],
    ] as const) {
      const error = await rejection(described(text));
      expect(error, text.slice(0, 40)).to.be.instanceOf(DocumentFault).with.property('message').that.includes(message);
    }
  });
});
