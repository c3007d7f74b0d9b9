import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import type { RunningCountry } from '../../demo/start.js';
import { describe as describeRegister, type Described } from '../../gateway/describe/describe.js';
import { graphqlReader } from '../../gateway/describe/graphql/reader.js';
import { attachEmbedded } from '../../gateway/state/embedded/server.js';
import { packageRoot } from '../../schemas/package-root.js';
import { SCHEMA, startPlainService } from '../adapters/graphql/plain/plain-service.js';
import { printedBy } from '../gateway/cli/command-line.js';
import {
  bodyOf,
  describeOpenapi,
  DOCUMENTS,
  EXAMPLES,
  EXPECTED,
  expectedLeaves,
  type OpenapiName,
} from './openapi-registers.js';
import { PERSON, type Place } from './register-of-document.js';
import { soapAnswer } from './soap-answer.js';
import { dataOf, describeWsdl, leftOut, NAMES, OPERATIONS } from './wsdl-registers.js';

interface MockAnswer {
  readonly type: string;
  readonly body: string;
}

/** How a register is reached, and what is known of its answers. */
export interface Answering {
  /** `url`: where {@link answer} is asked. */
  readonly settings: (url: string) => Readonly<Record<string, unknown>>;
  /** Answers a request of the gateway. */
  readonly answer: (question: string, accept: string | undefined) => MockAnswer | Promise<MockAnswer>;
  /** Names of fields that no answer has. */
  readonly without?: () => ReadonlySet<string>;
  /** Values that an answer must have. */
  readonly leaves?: readonly string[];
  /** Its calls do not come to the mock. */
  readonly isDatabase?: boolean;
  /** Root fields that stay closed: their records are about people, and the question names none. */
  readonly closed?: readonly string[] | 'all';
  /** Fields that lead to another person. They stay closed. */
  readonly links?: readonly string[];
}

/** A register to be connected. */
export interface ToConnect {
  readonly title: string;
  readonly describe: (place: Place) => Promise<Described>;
  readonly connect: (described: Described) => Answering;
}

/** Each operation of the OpenAPI documents. */
export function openapiRegisters(): readonly ToConnect[] {
  return (Object.keys(DOCUMENTS) as OpenapiName[]).flatMap((document) =>
    [...EXPECTED[document].ready, ...EXPECTED[document].example].map((operation) => ({
      title: `${document} ${operation}`,
      describe: (place) => describeOpenapi(document, [operation], place),
      connect: (described) => ({
        settings: (url) => ({ protocol: 'rest', url, auth: { type: 'none' } }),
        answer: (_, accept) => {
          const type = accept?.split(',')[0];
          return {
            type: type === undefined || type.includes('*') ? 'application/json' : type,
            body: bodyOf({ document, operation, described }),
          };
        },
        // An example need not have every member; a schema's sample has.
        ...(EXAMPLES[operation] === undefined ? {} : { leaves: expectedLeaves({ operation }) }),
      }),
    })),
  );
}

/** Each operation of the WSDL documents. */
export function wsdlRegisters(): readonly ToConnect[] {
  return NAMES.flatMap((document) =>
    Object.keys(OPERATIONS[document]).map((operation) => ({
      title: `${document} ${operation}`,
      describe: (place) => describeWsdl(document, operation, place),
      connect: (described) => ({
        settings: (url) => ({ protocol: 'soap', url, ...(document === 'anpr' ? {} : { client: 'FI/GOV/1/us' }) }),
        answer: (question) => ({
          type: 'text/xml; charset=utf-8',
          body: soapAnswer(dataOf({ document, operation, described }), question),
        }),
        without: () => leftOut({ document, operation, described }),
      }),
    })),
  );
}

/** Questions that name no person, with records that are marked as being about people. */
export function closedRegisters(): readonly ToConnect[] {
  const connect = (): ReturnType<ToConnect['connect']> => ({
    settings: (url) => ({ protocol: 'rest', url, auth: { type: 'none' } }),
    answer: () => ({ type: 'application/json', body: '{}' }),
    closed: 'all',
  });
  return [
    {
      title: 'lien liensOfOrganisation, marked',
      describe: (place) => describeOpenapi('lien', ['liensOfOrganisation'], place, new Set(['personNumber'])),
      connect,
    },
    {
      title: 'xrd4j listPeople, marked',
      describe: (place) => describeWsdl('xrd4j', 'listPeople', place, new Set(['ssn'])),
      connect: () => ({ ...connect(), settings: (url) => ({ protocol: 'soap', url, client: 'FI/GOV/1/us' }) }),
    },
  ];
}

/** A service of GraphQL without federation, asked through the mock. */
export function graphqlRegister(): ToConnect {
  const roots = ['person', 'persons', 'companiesOf'];
  const personal = new Set(['nationalId']);
  return {
    title: 'plain GraphQL',
    describe: async ({ register, taken }) => {
      const description = await graphqlReader.read({
        document: { file: 'plain-service.graphql', bytes: Buffer.from(SCHEMA) },
        referenced: () => undefined,
        operations: roots,
        examples: new Map(),
        personal,
        constants: new Map(),
        reading: new Set(),
        depth: 2,
      });
      return describeRegister(description, { register, operations: roots, personal, taken });
    },
    connect: () => ({
      settings: (url) => ({ protocol: 'graphql', url, auth: { type: 'none' } }),
      answer: async (question) => {
        const service = await startPlainService();
        try {
          const response = await fetch(service.url, { method: 'POST', body: question });
          return { type: 'application/graphql-response+json; charset=utf-8', body: await response.text() };
        } finally {
          await service.close();
        }
      },
      leaves: [PERSON, 'Тестов', '12345678.25', 'ул. Пробная, 1', 'Co 44'],
    }),
  };
}

/** A service behind SHEP, which no document describes: the files are written by hand, as docs/registers/soap.md says. */
export function shepRegister(passwordFile: string): ToConnect {
  const files = {
    'schema.graphql': `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key"])
  @link(url: "https://tereze.kz/governance/v1.0", import: ["@subject", "@subjectArgument", "@category"])
scalar Iin
type Query { shepPerson(iin: Iin! @subjectArgument): ShepPerson @category(name: "CATEGORY") }
type ShepPerson @key(fields: "iin") @subject(field: "iin") @category(name: "CATEGORY") { iin: Iin! lastName: String sexCode: String }
`,
    'contract.yaml': `apiVersion: v3.1.0
kind: DataContract
id: shep
version: 1.0.0
status: active
schema:
  - { name: ShepPerson, logicalType: object, properties: [{ name: iin, logicalType: string, required: true }] }
`,
    'source.yaml': `protocol: soap
profile: shep-sync
security: none
elements: as_schema
namespaces: { q: 'urn:tereze:test:population:v1' }
shep: { service_id: TEST_UNIVERSAL, route_id: test-route, session_id: '{uuid}', status: { success: SCSS001, not_found: '404' } }
operations:
  person:
    action: SendMessage
    request: { body: { '@xsi:type': q:PersonRequest, messageId: '{uuid}', messageDate: '{now}', iin: '{iin}' } }
    answer: { record: [] }
roots: { shepPerson: iin }
types: { ShepPerson: { key: iin, read: person, fields: { iin: iin, lastName: lastName, sexCode: { at: [sex, '@code'] } } } }
`,
  };
  return {
    title: 'SHEP',
    describe: async () => ({ operations: [], notes: [], files }) as unknown as Described,
    connect: () => ({
      settings: (url) => ({ protocol: 'soap', url, sender_id: 'test', password_file: passwordFile }),
      answer: (question) => {
        const correlation = /<messageId>(.*?)<\/messageId>/.exec(question)?.[1] ?? '';
        const iin = /<iin>(.*?)<\/iin>/.exec(question)?.[1] ?? '';
        const info = `<messageId>22222222-2222-4222-8222-222222222222</messageId><correlationId>${correlation}</correlationId><status><code>SCSS001</code></status>`;
        const data = `<data xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="q:Person" xmlns:q="urn:x"><iin>${iin}</iin><lastName>Тестов</lastName><sex code="1">M</sex></data>`;
        return {
          type: 'text/xml; charset=utf-8',
          body: `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><r:SendMessageResponse xmlns:r="http://bip.bee.kz/SyncChannel/v10/Types"><return><responseInfo>${info}</responseInfo><responseData>${data}</responseData></return></r:SendMessageResponse></s:Body></s:Envelope>`,
        };
      },
      leaves: [PERSON, 'Тестов', '1'],
    }),
  };
}

/** Tables of `legacy-people.sql`, each with the options of a steward. */
const TABLES: Readonly<Record<string, readonly string[]>> = {
  'REESTR.FIZ_LICA': ['--personal', 'IIN', '--constant', 'time_zone=Asia/Almaty'],
  'REESTR.FIZ_LICA_V': ['--personal', 'IIN', '--constant', 'time_zone=Asia/Almaty'],
  'REESTR.adresa': ['--personal', 'iin_vladelca'],
  'REESTR.RAJONY': [],
};
/** What the row of {@link PERSON} has in it, or that of a district. */
const ROW = ['Тестов', 'Проба', '2001-02-03', '12345678901234567.89', '+70000000001'];
const VALUES: Readonly<Record<string, readonly string[]>> = {
  'REESTR.FIZ_LICA': ROW,
  'REESTR.FIZ_LICA_V': [...ROW, 'Северный'],
  'REESTR.adresa': ['ул. Пробная, 1', 'ул. Пробная, 2', '2010-01-01'],
  'REESTR.RAJONY': ['Северный'],
};

/** The tables of a legacy database, which is loaded beside that of the country's property register. */
export function sqlRegisters({ access: { property }, config }: RunningCountry): readonly ToConnect[] {
  const { host, port, database, user, password } = property;
  return Object.entries(TABLES).map(([table, options]) => ({
    title: `SQL ${table}`,
    describe: async ({ register }) => {
      const folder = mkdtempSync(join(tmpdir(), 'tereze-tables-'));
      try {
        writeFileSync(join(folder, 'url'), `postgresql://${user}:${password}@${host}:${port}/${database}`, {
          mode: 0o600,
        });
        const source = ['--from', 'table', '--database-url-file', join(folder, 'url'), '--registers', folder];
        await printedBy('register', 'new', register, table, ...source, ...options);
        const read = (name: string): string => readFileSync(join(folder, register, name), 'utf8');
        const files = Object.fromEntries(
          ['schema.graphql', 'contract.yaml', 'source.yaml'].map((name) => [name, read(name)]),
        );
        return { operations: [], notes: [], files } as unknown as Described;
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
    connect: () => ({
      settings: () => ({
        protocol: 'sql',
        host,
        port,
        database,
        user,
        password_file: join(dirname(config), 'legacy-password'),
      }),
      answer: () => ({ type: 'text/plain', body: 'a database is not asked here' }),
      leaves: VALUES[table] ?? [],
      isDatabase: true,
      // A row by its own number names no person.
      closed: ['adresa'],
      ...(table === 'REESTR.adresa' ? { links: ['iin_vladelca'] } : {}),
    }),
  }));
}

/** Loads `legacy-people.sql` into the database of the country's property register, for its reader. */
export async function loadLegacyPeople({ access: { property }, config }: RunningCountry): Promise<void> {
  const directory = dirname(config);
  writeFileSync(join(directory, 'legacy-password'), property.password, { mode: 0o600 });
  const client = new pg.Client({ ...attachEmbedded(join(directory, 'property'))?.owner, database: property.database });
  await client.connect();
  try {
    const file = join(packageRoot(), 'tests', 'conformance', 'vendor', 'sql', 'legacy-people.sql');
    await client.query(readFileSync(file, 'utf8'));
    await client.query(`GRANT USAGE ON SCHEMA "REESTR" TO ${property.user}`);
    await client.query(`GRANT SELECT ON ALL TABLES IN SCHEMA "REESTR" TO ${property.user}`);
  } finally {
    await client.end();
  }
}
