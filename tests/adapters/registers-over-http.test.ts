import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateCountry } from '../../demo/country/country.js';
import { HOUSING_FAMILY } from '../../demo/country/people.js';
import { addressRegister } from '../../demo/registers/address/register.js';
import { BUSINESS_CLIENT, businessRegister } from '../../demo/registers/business/register.js';
import { Meter } from '../../demo/registers/meter.js';
import { POPULATION_SENDER, populationRegister } from '../../demo/registers/population/register.js';
import { describeRegisterOverHttp } from '../ports/register-over-http.js';
import { PEOPLE_SOURCE, peopleRegister } from './rest/people-register.js';
import { entities, leaf, object } from './selections.js';
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
  };
});

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
