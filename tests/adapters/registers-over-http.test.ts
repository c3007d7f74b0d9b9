import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { generateCountry } from '../../demo/country/country.js';
import { HOUSING_FAMILY, UNKNOWN_NUMBER } from '../../demo/country/people.js';
import { addressRegister } from '../../demo/registers/address/register.js';
import { BUSINESS_CLIENT, businessRegister } from '../../demo/registers/business/register.js';
import { json, type HttpAnswer } from '../../demo/registers/http-register.js';
import { Meter } from '../../demo/registers/meter.js';
import { POPULATION_SENDER, populationRegister } from '../../demo/registers/population/register.js';
import { soapAnswer } from '../conformance/soap-answer.js';
import { describeRegisterOverHttp } from '../ports/register-over-http.js';
import { PEOPLE_SOURCE, peopleRegister } from './rest/people-register.js';
import { entities, leaf, object } from './selections.js';
import { MANY, NS, people, person as xmlPerson } from './soap/asked-operation.js';
import { ACCESS, GATEWAY_KEYS, PASSWORD, REGISTER_KEYS, SOURCE as SOAP_SOURCE } from './soap/population.js';
import { SOURCE as XROAD_SOURCE } from './xroad/business.js';

const { wife } = HOUSING_FAMILY;
const { persons, addresses, business } = generateCountry();
const lastName = persons.find(({ iin }) => iin === wife.iin)?.lastName;
const KEY = 'key-of-the-test';

describeRegisterOverHttp('a REST register', () => {
  const register = peopleRegister(persons, KEY, new Meter());
  return {
    source: PEOPLE_SOURCE,
    settings: () => ({ protocol: 'rest' }),
    selection: entities('Citizen', [leaf('lastName')]),
    iin: wife.iin,
    record: { lastName },
    answer: (question) =>
      register({
        ...question,
        path: question.path.split('?')[0] ?? '',
        headers: { ...question.headers, 'x-api-key': KEY },
      }),
    wrong: {
      other_subject: () => json(200, { items: [{ iin: UNKNOWN_NUMBER, last_name: lastName }] }),
      batch_count: () => json(200, { items: [] }),
      envelope_missing: () => json(200, {}),
    },
  };
});

/** Answers a question about one person in a record that holds these texts. */
const person = (number: string): object => ({ number, name: { last: lastName } });
const FIELDS = 'fields: { iin: { at: number }, lastName: { at: [name, last] } }';

describeRegisterOverHttp('a REST register with a person’s number in the address', () => ({
  source: parse(`
protocol: rest
operations:
  person:
    request: { method: GET, path: "/persons/{iin}", query: { fields: "{select}" } }
    identifier_in_address: { owner: Ministry of Justice, agreement: "2026-114", until: 2099-12-31 }
    answer: { record: [data, 0], not_found: { status: [404] } }
    batch: { answer: none, parallel: 2 }
types:
  Citizen: { key: iin, read: person, ${FIELDS} }
`) as object,
  settings: () => ({ protocol: 'rest' }),
  path: '/v1',
  selection: entities('Citizen', [leaf('lastName')]),
  iin: wife.iin,
  record: { lastName },
  answer: ({ path }) => json(path.startsWith(`/v1/persons/${wife.iin}`) ? 200 : 400, { data: [person(wife.iin)] }),
  wrong: {
    other_subject: () => json(200, { data: [person(UNKNOWN_NUMBER)] }),
    key_missing: () => json(200, { data: [{ name: { last: lastName } }] }),
    envelope_missing: () => json(200, { answer: [person(wife.iin)] }),
    status_unexpected: () => json(410, {}),
  },
}));

describeRegisterOverHttp('a REST register with a batch without order', () => ({
  source: parse(`
protocol: rest
operations:
  persons:
    request: { method: POST, path: /persons, body: { numbers: "{iin[]}" } }
    batch: { max: 20, answer: unordered, key: [number], absent: omitted }
    answer: { items: [persons] }
types:
  Citizen: { key: iin, batch: persons, ${FIELDS} }
`) as object,
  settings: () => ({ protocol: 'rest' }),
  selection: entities('Citizen', [leaf('lastName')]),
  iin: wife.iin,
  record: { lastName },
  answer: () => json(200, { persons: [person(wife.iin)] }),
  wrong: {
    other_subject: () => json(200, { persons: [person(UNKNOWN_NUMBER)] }),
    duplicate_record: () => json(200, { persons: [person(wife.iin), person(wife.iin)] }),
    not_a_list: () => json(200, { persons: person(wife.iin) }),
    json_duplicate_name: () => ({ status: 200, body: '{"persons":[],"persons":[]}' }),
  },
}));

describeRegisterOverHttp('a GraphQL register', () => {
  const register = addressRegister(addresses, KEY, new Meter());
  return {
    source: { protocol: 'graphql' },
    settings: () => ({ protocol: 'graphql' }),
    path: '/graphql',
    selection: entities('Citizen', [object('registration', 'Registration', [leaf('city')])]),
    iin: wife.iin,
    record: {
      registration: { city: addresses.find(({ iin }) => iin === wife.iin)?.current?.dwelling.place.city },
    },
    answer: (question) =>
      register({
        ...question,
        path: question.path.split('?')[0] ?? '',
        headers: { ...question.headers, authorization: `Bearer ${KEY}` },
      }),
    wrong: {
      envelope_missing: () => json(200, {}),
      graphql_errors: () => json(200, { data: null, errors: [{ message: wife.iin }] }),
    },
  };
});

describeRegisterOverHttp('an X-Road register', () => ({
  source: XROAD_SOURCE,
  settings: () => ({ protocol: 'xroad', client: BUSINESS_CLIENT.join('/') }),
  selection: entities('Citizen', [leaf('iin')]),
  iin: wife.iin,
  record: { iin: wife.iin },
  answer: businessRegister(business, new Meter()),
}));

describeRegisterOverHttp('a SOAP register', () => {
  const register = populationRegister(persons, ACCESS, new Meter());
  return {
    source: SOAP_SOURCE,
    settings: (folder) => {
      const file = (name: string, text: string | Buffer): string => {
        writeFileSync(join(folder, name), text);
        return join(folder, name);
      };
      return {
        protocol: 'soap',
        sender_id: POPULATION_SENDER,
        password_file: file('password', PASSWORD),
        key_file: file('gateway.pem', GATEWAY_KEYS.privateKey.export({ type: 'pkcs8', format: 'pem' })),
        register_key_file: file('register.pem', REGISTER_KEYS.publicKey.export({ type: 'spki', format: 'pem' })),
      };
    },
    path: '/shep/sync',
    selection: entities('Citizen', [leaf('lastName')]),
    iin: wife.iin,
    record: { lastName },
    answer: (question) => register({ ...question, path: question.path.split('?')[0] ?? '' }),
    reasons: { 'sends garbage of the right type': 'xml_invalid' },
  };
});

describeRegisterOverHttp('a SOAP service of its own profile', () => {
  const answerOf = (body: string): HttpAnswer => ({ status: 200, contentType: 'text/xml; charset=utf-8', body });
  const ofPerson = (iin: string): string => xmlPerson(iin, lastName);
  return {
    source: parse(`
protocol: soap
profile: plain
namespace: ${NS}
operations:
  ask: ${MANY('absent: omitted')}
roots: {}
types: { Citizen: { key: iin, batch: ask, fields: { iin: iin, lastName: name } } }
`) as object,
    settings: () => ({ protocol: 'soap' }),
    path: '/service',
    selection: entities('Citizen', [leaf('lastName')]),
    iin: wife.iin,
    record: { lastName },
    answer: () => answerOf(people(ofPerson(wife.iin))),
    wrong: {
      other_subject: () => answerOf(people(ofPerson(UNKNOWN_NUMBER))),
      duplicate_record: () => answerOf(people(ofPerson(wife.iin) + ofPerson(wife.iin))),
      xml_doctype: () => answerOf(`<!DOCTYPE a>${people(ofPerson(wife.iin))}`),
      envelope_missing: () => answerOf('<answer/>'),
    },
    reasons: { 'sends garbage of the right type': 'xml_invalid' },
  };
});

describeRegisterOverHttp('a GraphQL service of its own schema', () => ({
  source: parse(`
protocol: graphql
operations:
  persons:
    document: 'query ($ids: [String!]!) { persons(numbers: $ids) { select } }'
    variables: { ids: '{iin[]}' }
    batch: { max: 20, answer: unordered, key: [number], absent: omitted }
    answer: { items: [persons] }
types: { Citizen: { key: iin, batch: persons, ${FIELDS} } }
`) as object,
  settings: () => ({ protocol: 'graphql' }),
  path: '/graphql',
  selection: entities('Citizen', [leaf('lastName')]),
  iin: wife.iin,
  record: { lastName },
  answer: () => json(200, { data: { persons: [person(wife.iin)] } }),
  wrong: {
    other_subject: () => json(200, { data: { persons: [person(UNKNOWN_NUMBER)] } }),
    duplicate_record: () => json(200, { data: { persons: [person(wife.iin), person(wife.iin)] } }),
    graphql_errors: () => json(200, { errors: [{ message: wife.iin }] }),
  },
}));

describeRegisterOverHttp('an X-Road register by operations', () => ({
  source: {
    ...(parse(`
protocol: xroad
operations:
  persons:
    request: { method: POST, path: /v1/batch, body: { iins: '{iin[]}' } }
    batch: { max: 200, answer: ordered }
    answer: { items: [items] }
types: { Citizen: { key: iin, batch: persons, fields: { iin: iin } } }
`) as object),
    service: XROAD_SOURCE.service,
  },
  settings: () => ({ protocol: 'xroad', client: BUSINESS_CLIENT.join('/') }),
  selection: entities('Citizen', [leaf('iin')]),
  iin: wife.iin,
  record: { iin: wife.iin },
  answer: businessRegister(business, new Meter()),
}));

describeRegisterOverHttp('a SOAP service behind X-Road', () => {
  const answerOf = (data: string, question: string): HttpAnswer => ({
    status: 200,
    contentType: 'text/xml; charset=utf-8',
    body: soapAnswer(data, question),
  });
  const ofPerson = (iin: string): string =>
    `<p:personResponse xmlns:p="${NS}"><p:iin>${iin}</p:iin><p:name>${lastName}</p:name></p:personResponse>`;
  return {
    source: parse(`
protocol: soap
profile: xroad-4.0
namespace: ${NS}
service: { instance: KZ, member_class: GOV, member_code: '990140090002', subsystem: people }
operations:
  person: { service_version: v1, request: { body: { person: { iin: '{iin}' } } }, answer: { record: [personResponse] } }
roots: {}
types: { Citizen: { key: iin, read: person, fields: { iin: iin, lastName: name } } }
`) as object,
    settings: () => ({ protocol: 'soap', client: BUSINESS_CLIENT.join('/') }),
    path: '/service',
    selection: entities('Citizen', [leaf('lastName')]),
    iin: wife.iin,
    record: { lastName },
    answer: ({ body }) => answerOf(ofPerson(wife.iin), body),
    wrong: {
      other_subject: ({ body }) => answerOf(ofPerson(UNKNOWN_NUMBER), body),
      xroad_header: () => answerOf(ofPerson(wife.iin), ''),
      hash_mismatch: ({ body }) => {
        const { body: right, ...answer } = answerOf(ofPerson(wife.iin), body);
        return { ...answer, body: right.replace(/(<x:requestHash[^>]*>)[^<]*/, '$1AAAA') };
      },
      envelope_missing: () => ({ ...answerOf('', ''), body: '<answer/>' }),
    },
    reasons: { 'sends garbage of the right type': 'xml_invalid' },
  };
});

describeRegisterOverHttp('a service behind SHEP that signs nothing', () => {
  const answerOf = (iin: string, question: string, code = 'SCSS001'): HttpAnswer => {
    const correlation = /<messageId>(.*?)<\/messageId>/.exec(question)?.[1] ?? '';
    const info = `<messageId>22222222-2222-4222-8222-222222222222</messageId><correlationId>${correlation}</correlationId><status><code>${code}</code></status>`;
    const data = `<data><iin>${iin}</iin><lastName>${lastName}</lastName></data>`;
    return {
      status: 200,
      contentType: 'text/xml; charset=utf-8',
      body: `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><r:SendMessageResponse xmlns:r="http://bip.bee.kz/SyncChannel/v10/Types"><return><responseInfo>${info}</responseInfo><responseData>${data}</responseData></return></r:SendMessageResponse></s:Body></s:Envelope>`,
    };
  };
  return {
    source: parse(`
protocol: soap
profile: shep-sync
security: none
elements: as_schema
shep: { service_id: TEST_UNIVERSAL, status: { success: SCSS001, not_found: '404' } }
operations:
  person: { action: SendMessage, request: { body: { iin: '{iin}' } }, answer: { record: [] } }
roots: {}
types: { Citizen: { key: iin, read: person, fields: { iin: iin, lastName: lastName } } }
`) as object,
    settings: (folder) => {
      writeFileSync(join(folder, 'password'), PASSWORD);
      return { protocol: 'soap', sender_id: POPULATION_SENDER, password_file: join(folder, 'password') };
    },
    path: '/shep/sync',
    selection: entities('Citizen', [leaf('lastName')]),
    iin: wife.iin,
    record: { lastName },
    answer: ({ body }) => answerOf(wife.iin, body),
    wrong: {
      other_subject: ({ body }) => answerOf(UNKNOWN_NUMBER, body),
      correlation_mismatch: () => answerOf(wife.iin, ''),
      status_code_unknown: ({ body }) => answerOf(wife.iin, body, 'SCSS999'),
    },
    reasons: { 'sends garbage of the right type': 'xml_invalid' },
  };
});
