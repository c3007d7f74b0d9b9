import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../schemas/package-root.js';
import { parse as parseYaml } from 'yaml';
import { describe as describeRegister, type Described } from '../../gateway/describe/describe.js';
import { openapiReader } from '../../gateway/describe/openapi/reader.js';
import { startUngovernedConfig } from '../../gateway/compose/ungoverned.js';
import type { Gateway } from '../../gateway/compose/app.js';
import { UNGOVERNED } from '../../gateway/config/forms/ungoverned.js';
import { readConfigAs } from '../../gateway/config/read-config.js';
import { CompositionFailure, composeCatalogue } from '../../schemas/catalogue/compose.js';
import { declaredTypes } from '../../schemas/catalogue/declared-types.js';
import { parseRegister } from '../../schemas/catalogue/register-schema.js';
import { isObject } from '../../schemas/objects.js';
import { loadQuality } from '../../schemas/quality/load-quality.js';
import { nullsIn, rootFields, wholeQuestion } from './every-field.js';
import { sampleOf } from './openapi-sample.js';

const VENDOR = join(packageRoot(), 'tests', 'conformance', 'vendor', 'openapi');
const DOCUMENTS = {
  brreg: 'brreg-enhetsregisteret/enhetsregisteret.json',
  brp: 'brp-personen/openapi.json',
  govstack: 'govstack-digital-registries/GovStack_Digital_registries_BB_Data_API_template-1.3.0.yaml',
  lien: 'lien-register/lien-register.swagger2.json',
} as const;
type Name = keyof typeof DOCUMENTS;

/** What `register new` does with each document: `shared/conformance/registers/README.md`, Expected. */
const EXPECTED: Readonly<Record<Name, Readonly<Record<'ready' | 'example' | 'refused', readonly string[]>>>> = {
  brreg: {
    ready: ['hentEnhet', 'listOrganisasjonsformer', 'hentOrganisasjonsform'],
    example: [
      ...['listEnheter', 'listUnderenheter', 'hentUnderenhet', 'listOppdateringerEnhet', 'listOppdateringerUnderenhet'],
      ...['listOrganisasjonsformerEnheter', 'listOrganisasjonsformerUnderenheter'],
    ],
    refused: ['listTjenester'],
  },
  brp: {
    ready: [
      ...[
        'ZoekMetGeslachtsnaamEnGeboortedatum',
        'ZoekMetNaamEnGemeenteVanInschrijving',
        'RaadpleegMetBurgerservicenummer',
      ],
      ...['ZoekMetPostcodeEnHuisnummer', 'ZoekMetStraatHuisnummerEnGemeenteVanInschrijving'],
      ...['ZoekMetNummeraanduidingIdentificatie', 'ZoekMetAdresseerbaarObjectIdentificatie'],
    ],
    example: [],
    refused: [],
  },
  govstack: {
    ready: ['list', 'exists', 'read', 'DPU'],
    example: ['readValue'],
    refused: ['create', 'update', 'updateEntries', 'updateOrCreate', 'delete'],
  },
  lien: { ready: ['liensOfPerson', 'liensOfOrganisation', 'changes'], example: [], refused: [] },
};

const ORGANISATION_FORMS = '{"_embedded":{"organisasjonsformer":[{"kode":"AS","beskrivelse":"Aksjeselskap"}]}}';
/** Answers for operations that are not described: files of the document's folder, or texts. */
const EXAMPLES: Readonly<Record<string, string>> = {
  listEnheter: vendor('brreg-enhetsregisteret/examples/enheter-page.json'),
  listUnderenheter: vendor('brreg-enhetsregisteret/examples/enheter-page.json'),
  hentUnderenhet: vendor('brreg-enhetsregisteret/examples/underenhet.json'),
  listOppdateringerEnhet: vendor('brreg-enhetsregisteret/examples/oppdateringer.json'),
  listOppdateringerUnderenhet: vendor('brreg-enhetsregisteret/examples/oppdateringer.json'),
  listOrganisasjonsformerEnheter: ORGANISATION_FORMS,
  listOrganisasjonsformerUnderenheter: ORGANISATION_FORMS,
  readValue: '{"value":"John"}',
};

/** An identification number that no one has. */
const PERSON = '010203590013';

interface Connected {
  readonly register: string;
  readonly document: Name;
  readonly operation: string;
  readonly described: Described;
}

describe('registers from published OpenAPI documents', () => {
  for (const document of Object.keys(DOCUMENTS) as Name[])
    it(`says of each operation of ${document} whether it can be read`, async () => {
      const { operations } = await describeDocument(document, []);
      const byState = (state: string): readonly string[] =>
        operations.filter((one) => one.state === state).map(({ name }) => name);
      for (const state of ['ready', 'example', 'refused'] as const)
        expect(byState(state), state).to.have.members(EXPECTED[document][state]);
    });

  describe('asked through a gateway', () => {
    const connected: Connected[] = [];
    const asked: { register: string; url: string; body: string }[] = [];
    let folder: string;
    let server: Server;
    let gateway: Gateway;

    before(async function () {
      this.timeout(120_000);
      folder = mkdtempSync(join(tmpdir(), 'tereze-openapi-'));
      const taken = { types: [] as string[], roots: [] as string[] };
      for (const document of Object.keys(DOCUMENTS) as Name[])
        for (const operation of [...EXPECTED[document].ready, ...EXPECTED[document].example]) {
          const register = `r${connected.length}`;
          const described = await describeDocument(document, [operation], { register, taken });
          connected.push({ register, document, operation, described });
          write(folder, register, described);
          const types = [...declaredTypes(parseRegister(register, schemaOf(described))).values()];
          taken.types.push(...types.map(({ name }) => name));
          taken.roots.push(...rootFields(schemaOf(described)).map(({ name }) => name.value));
        }
      server = createServer((request, response) => void answerOf(request, response, connected, asked));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      writeFileSync(join(folder, 'u.yaml'), configText(connected, port));
      gateway = await startUngovernedConfig(await readConfigAs(UNGOVERNED, join(folder, 'u.yaml'), {}));
    });
    after(async () => {
      await gateway?.stop();
      server?.close();
      rmSync(folder, { recursive: true });
    });

    for (const document of Object.keys(DOCUMENTS) as Name[])
      for (const operation of [...EXPECTED[document].ready, ...EXPECTED[document].example])
        it(`${document} ${operation} answers every field`, async () => {
          const one = connected.find((each) => each.document === document && each.operation === operation);
          if (one === undefined) throw new Error('not connected');
          const sdl = schemaOf(one.described);
          const [root] = rootFields(sdl);
          if (root === undefined) throw new Error('no root field');
          const question = wholeQuestion(sdl, root, (_, type) => ARGUMENTS[type]);
          const response = await fetch(`${gateway.url}/graphql`, {
            method: 'POST',
            headers: { 'Content-Type': 'application/json' },
            body: JSON.stringify({ query: question.text, variables: question.variables }),
          });
          const answer = (await response.json()) as { data?: unknown; errors?: unknown[] };
          expect(answer.errors, JSON.stringify(answer.errors)?.slice(0, 500)).to.equal(undefined);
          // An example need not have every member; a schema's sample has.
          if (EXAMPLES[operation] === undefined) expect(nullsIn(answer.data)).to.deep.equal([]);
          expect(leavesIn(answer.data))
            .to.have.length.greaterThan(0)
            .and.to.include.members([...expectedLeaves(one)]);
        });

    it('asked as each document says', () => {
      const of = (operation: string): { url: string; body: string } => {
        const register = connected.find((one) => one.operation === operation)?.register;
        const found = asked.find((one) => one.register === register);
        return { url: found?.url.replace(`/${register}/`, '/') ?? '', body: found?.body ?? '' };
      };
      expect(of('hentEnhet').url).to.equal('/enheter/111111111');
      expect(of('listEnheter').url).to.include('page=0').and.to.include('size=100');
      expect(of('liensOfPerson').url).to.equal(`/persons/${PERSON}?requester-org=111111111`);
      expect(of('readValue').url).to.equal('/data/111111111/111111111/111111111/readValue/111111111.111111111');
      const { fields, ...question } = JSON.parse(of('RaadpleegMetBurgerservicenummer').body) as { fields: string[] };
      expect(question).to.deep.equal({ type: 'RaadpleegMetBurgerservicenummer', burgerservicenummer: ['111111111'] });
      expect(fields).to.include.members(['burgerservicenummer', 'naam']);
    });

    it('composes once categories are written, with contracts that load, and not before', async () => {
      for (const { register, described } of connected) {
        expect(rulesOf(register, described.files?.['schema.graphql'] ?? '')).to.deep.equal(['directive-malformed']);
        composeCatalogue([parseRegister(register, schemaOf(described))]);
      }
      const { contracts } = await loadQuality(folder, { today: () => '2026-03-01', now: () => new Date(0) } as never);
      expect(contracts.size).to.equal(connected.length);
    });
  });
});

const ARGUMENTS: Readonly<Record<string, unknown>> = {
  Iin: PERSON,
  String: '111111111',
  Int: 7,
  BigInt: '7',
  Decimal: '12.5',
  Boolean: true,
  LocalDate: '2001-02-03',
  Instant: '2026-02-20T05:00:32Z',
};

interface Place {
  readonly register: string;
  readonly taken: { readonly types: readonly string[]; readonly roots: readonly string[] };
}

async function describeDocument(
  document: Name,
  operations: readonly string[],
  { register, taken }: Place = { register: 'one', taken: { types: [], roots: [] } },
): Promise<Described> {
  const personal = new Set(document === 'lien' ? ['personNumber'] : []);
  const description = await openapiReader.read({
    document: { file: DOCUMENTS[document], bytes: readFileSync(join(VENDOR, DOCUMENTS[document])) },
    referenced: () => undefined,
    operations,
    examples: new Map(
      operations.flatMap((one) =>
        EXAMPLES[one] === undefined ? [] : [[one, { file: `${one}.json`, bytes: Buffer.from(EXAMPLES[one]) }]],
      ),
    ),
    personal,
    constants: new Map(),
    reading: new Set(),
    depth: 2,
  });
  return describeRegister(description, { register, operations, personal, taken });
}

/** The schema with categories, as a steward writes them. */
function schemaOf({ files }: Described): string {
  return (files?.['schema.graphql'] ?? '')
    .replaceAll('"CATEGORY"', '"test.data"')
    .replaceAll('"CATEGORY_OF_NO_PERSON"', '"test.other"');
}

function rulesOf(register: string, sdl: string): readonly string[] {
  try {
    composeCatalogue([parseRegister(register, sdl)]);
    return [];
  } catch (error) {
    if (!(error instanceof CompositionFailure)) throw error;
    return [...new Set(error.problems.map(({ rule }) => rule))];
  }
}

function write(folder: string, register: string, described: Described): void {
  mkdirSync(join(folder, 'registers', register), { recursive: true });
  mkdirSync(join(folder, register), { recursive: true });
  const files = {
    ...described.files,
    'schema.graphql': schemaOf(described),
    'source.yaml': (described.files?.['source.yaml'] ?? '').replace('until: YYYY-MM-DD', 'until: 2999-12-31'),
  };
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, 'registers', register, name), text);
    if (name === 'contract.yaml') writeFileSync(join(folder, register, name), text);
  }
}

function configText(connected: readonly Connected[], port: number): string {
  const registers = connected.map(
    ({ register }) =>
      `  ${register}: { protocol: rest, url: http://127.0.0.1:${port}/${register}, auth: { type: none } }`,
  );
  return [
    'version: 1',
    'environment: test',
    'server: { port: 0, operations: { host: 127.0.0.1, port: 0 } }',
    'supergraph: { directory: registers }',
    'limits: { document: { tokens: 20000, depth: 50, aliases: 1000, fields: 20000 } }',
    'registers:',
    ...registers,
    '',
  ].join('\n');
}

async function answerOf(
  request: IncomingMessage,
  response: ServerResponse,
  connected: readonly Connected[],
  asked: { register: string; url: string; body: string }[],
): Promise<void> {
  const [, register = ''] = request.url?.split('/') ?? [];
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  asked.push({ register, url: request.url ?? '', body: Buffer.concat(chunks).toString() });
  const one = connected.find((each) => each.register === register);
  const accept = request.headers.accept?.split(',')[0];
  const type = accept === undefined || accept.includes('*') ? 'application/json' : accept;
  response.writeHead(200, { 'Content-Type': type }).end(one ? bodyOf(one) : '{}');
}

/** The document's example or the steward's, else what its schema describes. The record is the one that was asked for. */
function bodyOf({ document, operation, described: { files } }: Connected): string {
  const example = EXAMPLES[operation];
  // One page, and the record that is asked for.
  if (example !== undefined)
    return example
      .replace(/"totalElements":\d+,"totalPages":\d+/, '"totalElements":2,"totalPages":1')
      .replace(/"organisasjonsnummer":"999000003"/, `"organisasjonsnummer":"${ARGUMENTS['String'] as string}"`);
  const text = vendor(DOCUMENTS[document]);
  const root = (text.startsWith('{') ? JSON.parse(text) : parseYaml(text)) as Readonly<Record<string, unknown>>;
  const source = parseYaml(files?.['source.yaml'] ?? '') as { types: Readonly<Record<string, { key?: string }>> };
  const keys = Object.values(source.types).flatMap(({ key }) => (key === undefined ? [] : [key]));
  const sample = sampleOf(schemaFor(root, operation), root);
  return JSON.stringify(
    withKeys(sample, [...keys, 'person-number'], String(document === 'lien' ? PERSON : ARGUMENTS['String'])),
  );
}

function withKeys(value: unknown, keys: readonly string[], key: string): unknown {
  if (Array.isArray(value)) return value.map((one) => withKeys(one, keys, key));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      keys.includes(name) && typeof member === 'string' ? key : withKeys(member, keys, key),
    ]),
  );
}

/** Values that an example has, but for what is around its records. */
function expectedLeaves({ operation }: Connected): readonly string[] {
  const example = EXAMPLES[operation];
  if (example === undefined) return [];
  // A numeral that a number would round comes as a text.
  const text = example.replace(/:(\d{16,})/g, ':"$1"').replace('"999000003"', `"${ARGUMENTS['String'] as string}"`);
  const answer = JSON.parse(text) as Record<string, unknown>;
  return leavesIn({ ...answer, _links: undefined, page: undefined });
}

function leavesIn(value: unknown): readonly string[] {
  if (value === null || value === undefined) return [];
  return typeof value === 'object' ? Object.values(value as object).flatMap(leavesIn) : [String(value)];
}

/** The schema of the successful answer of an operation, or of the kind of question. */
function schemaFor(root: Readonly<Record<string, unknown>>, operation: string): unknown {
  const { paths, components } = root as {
    paths: Record<string, Record<string, { operationId?: string; responses?: Record<string, Response> }>>;
    components?: { schemas?: Record<string, unknown> };
  };
  const kind = components?.schemas?.[`${operation}Response`];
  if (kind !== undefined) return { ...(kind as object), title: operation };
  const found = Object.values(paths)
    .flatMap((item) => Object.values(item))
    .find(({ operationId }) => operationId === operation);
  const success = found?.responses?.['200'];
  return success?.schema ?? Object.values(success?.content ?? {})[0]?.schema;
}

interface Response {
  readonly schema?: unknown;
  readonly content?: Readonly<Record<string, { readonly schema?: unknown }>>;
}

function vendor(file: string): string {
  return readFileSync(join(VENDOR, file), 'utf8');
}
