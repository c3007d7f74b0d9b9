import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { RegisterAnswer } from '../../../adapters/port.js';
import { packageRoot } from '../../../gateway/state/package-root.js';
import { runningClock } from '../../doubles.js';
import { rejection } from '../../rejection.js';
import { citizens, entities, leaf } from '../selections.js';
import { GATEWAY_KEYS } from './population.js';
import { rawRegister, readSelection, withAdapter } from './raw-register.js';

const FOLDER = join(packageRoot(), 'tests', 'conformance', 'vendor', 'answers');
const IIN = '010203590013';
const CLOCK = { ...runningClock(), now: () => new Date('2026-03-01T10:00:00Z') };
const RANDOM = {
  bytes: (length: number) => Buffer.alloc(length),
  uuid: () => '11111111-1111-4111-8111-111111111111',
};
const FIELDS = ['iin', 'lastName', 'birthDate', 'sex', 'recordUpdatedAt'];

/** The mapping of the population register of the test, in the short form. */
const SHORT = `
protocol: soap
soap_action: SendMessage
service_id: TEST
namespace: urn:tereze:test:population:v1
request: { element: personsRequest, key: iin, max: 50 }
response: { element: personsResponse, record: person, key: iin, absent: notFound }
status: { success: SCSS001, not_found: '404' }
roots: {}
types: { Citizen: { key: iin, fields: { iin: iin, lastName: lastName, birthDate: birthDate, sex: sex, recordUpdatedAt: recordUpdatedAt } } }
`;

/** The same by operations. */
const FULL = `
protocol: soap
namespace: urn:tereze:test:population:v1
operations:
  persons:
    action: SendMessage
    request: { body: { personsRequest: { iin: "{iin[]}" } } }
    answer: { items: [personsResponse, person] }
    batch: { max: 50, key: iin, absent: omitted }
  person:
    action: SendMessage
    request: { body: { personsRequest: { iin: "{iin}" } } }
    answer: { record: [personsResponse, person] }
roots: {}
types:
  Citizen:
    key: iin
    read: person
    batch: persons
    fields: { iin: iin, lastName: { at: lastName }, birthDate: birthDate, sex: sex, recordUpdatedAt: recordUpdatedAt }
`;
const SHEP = `profile: shep-sync
shep: { service_id: TEST, status: { success: SCSS001, not_found: '404' } }
`;

const SIGNED = {
  settings: {
    sender_id: 'test',
    password_file: 'file:password',
    key_file: 'file:key.pem',
    register_key_file: 'file:signer.pem',
  },
  files: {
    password: 'test',
    'key.pem': GATEWAY_KEYS.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    'signer.pem': readFileSync(join(FOLDER, 'signer.pem'), 'utf8'),
  },
};

async function read(file: string, source: string, access = SIGNED): Promise<RegisterAnswer> {
  const bytes = readFileSync(join(FOLDER, file));
  const register = await rawRegister(() => bytes);
  try {
    return await withAdapter(register.url, { source, ...access, clock: CLOCK, random: RANDOM }, (adapter) =>
      readSelection(
        adapter,
        entities(
          'Citizen',
          FIELDS.map((name) => leaf(name)),
        ),
        { keys: citizens(IIN), clock: CLOCK },
      ),
    );
  } finally {
    await register.close();
  }
}

const WHOLE = {
  iin: IIN,
  lastName: 'Тестов',
  birthDate: '2001-02-03',
  sex: 'M',
  recordUpdatedAt: '2026-02-20T10:00:00Z',
};
const FEW = { ...WHOLE, birthDate: null, sex: null, recordUpdatedAt: null };

describe('answers of SOAP registers as they come', () => {
  const cases: readonly [file: string, settings: string, record: object][] = [
    ['soap-no-timestamp.http', 'freshness: response_date', WHOLE],
    ['soap-ids-in-payload.http', 'freshness: timestamp', WHOLE],
    ['soap-unqualified.http', 'elements: unqualified', FEW],
    ['soap-escaped-data.http', 'data: text', WHOLE],
  ];
  for (const [file, setting, record] of cases)
    for (const [form, source] of [
      ['short', SHORT],
      ['full', FULL + SHEP],
    ] as const)
      it(`${file} is a record with ${setting}, in the ${form} form`, async () => {
        const { groups } = await read(file, `${source}${setting}\n`);
        expect(groups).to.have.length(1);
        expect(groups[0]).to.deep.include({ records: [record], errors: [] });
      });

  for (const [form, source] of [
    ['short', SHORT.replace(/^(service_id|status):.*\n/gm, '')],
    ['full', FULL],
  ] as const)
    it(`soap-windows-1251.http is a record with charset: windows-1251, in the ${form} form`, async () => {
      const answer = (more: string): Promise<RegisterAnswer> =>
        read('soap-windows-1251.http', `${source}profile: plain\n${more}`, {
          settings: {} as never,
          files: {} as never,
        });
      const { groups } = await answer('charset: windows-1251\n');
      expect(groups).to.deep.equal([{ records: [WHOLE], errors: [] }]);
      expect(await rejection(answer(''))).to.have.property('reason', 'charset');
    });

  const refused: readonly [file: string, settings: string, reason: string][] = [
    ['soap-no-timestamp.http', 'freshness: timestamp', 'timestamp_missing'],
    ['soap-unqualified.http', '', 'batch_count'],
    ['soap-escaped-data.http', '', 'soap_unexpected'],
    ['soap-ids-in-payload.http', 'data: text', 'soap_unexpected'],
    ['soap-ids-in-payload.http', 'elements: unqualified', 'batch_count'],
  ];
  for (const [file, setting, reason] of refused)
    it(`${file} is ${reason} with ${setting === '' ? 'no setting' : setting}`, async () => {
      expect(await rejection(read(file, `${SHORT}${setting}\n`))).to.have.property('reason', reason);
    });
});
