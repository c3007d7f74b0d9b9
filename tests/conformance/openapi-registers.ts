import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { describe as describeRegister, type Described } from '../../gateway/describe/describe.js';
import { openapiReader } from '../../gateway/describe/openapi/reader.js';
import { isObject } from '../../schemas/objects.js';
import { packageRoot } from '../../schemas/package-root.js';
import { ALONE, PERSON, valueOf, type Place } from './register-of-document.js';
import { sampleOf } from './openapi-sample.js';

const VENDOR = join(packageRoot(), 'tests', 'conformance', 'vendor', 'openapi');
export const DOCUMENTS = {
  brreg: 'brreg-enhetsregisteret/enhetsregisteret.json',
  brp: 'brp-personen/openapi.json',
  govstack: 'govstack-digital-registries/GovStack_Digital_registries_BB_Data_API_template-1.3.0.yaml',
  lien: 'lien-register/lien-register.swagger2.json',
} as const;
export type OpenapiName = keyof typeof DOCUMENTS;

/** What `register new` does with each document: `shared/conformance/registers/README.md`, Expected. */
export const EXPECTED: Readonly<
  Record<OpenapiName, Readonly<Record<'ready' | 'example' | 'refused', readonly string[]>>>
> = {
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
export const EXAMPLES: Readonly<Record<string, string>> = {
  listEnheter: vendor('brreg-enhetsregisteret/examples/enheter-page.json'),
  listUnderenheter: vendor('brreg-enhetsregisteret/examples/enheter-page.json'),
  hentUnderenhet: vendor('brreg-enhetsregisteret/examples/underenhet.json'),
  listOppdateringerEnhet: vendor('brreg-enhetsregisteret/examples/oppdateringer.json'),
  listOppdateringerUnderenhet: vendor('brreg-enhetsregisteret/examples/oppdateringer.json'),
  listOrganisasjonsformerEnheter: ORGANISATION_FORMS,
  listOrganisasjonsformerUnderenheter: ORGANISATION_FORMS,
  readValue: '{"value":"John"}',
};

/** An operation of a document, connected as a register. */
export interface OpenapiRegister {
  readonly document: OpenapiName;
  readonly operation: string;
  readonly described: Described;
}

/** What `register new` writes for operations of a document, with the examples that a steward gives. */
export async function describeOpenapi(
  document: OpenapiName,
  operations: readonly string[],
  { register, taken }: Place = ALONE,
  personal: ReadonlySet<string> = new Set(operations.includes('liensOfPerson') ? ['personNumber'] : []),
): Promise<Described> {
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

/** The document's example or the steward's, else what its schema describes. The record is the one that was asked for. */
export function bodyOf({ document, operation, described: { files } }: OpenapiRegister): string {
  const example = EXAMPLES[operation];
  // One page, and the record that is asked for.
  if (example !== undefined)
    return example
      .replace(/"totalElements":\d+,"totalPages":\d+/, '"totalElements":2,"totalPages":1')
      .replace(/"organisasjonsnummer":"999000003"/, `"organisasjonsnummer":"${valueOf('String') as string}"`);
  const text = vendor(DOCUMENTS[document]);
  const root = (text.startsWith('{') ? JSON.parse(text) : parseYaml(text)) as Readonly<Record<string, unknown>>;
  const source = parseYaml(files?.['source.yaml'] ?? '') as { types: Readonly<Record<string, { key?: string }>> };
  const keys = Object.values(source.types).flatMap(({ key }) => (key === undefined ? [] : [key]));
  const sample = sampleOf(schemaFor(root, operation), root);
  return JSON.stringify(
    withKeys(sample, [...keys, 'person-number'], String(document === 'lien' ? PERSON : valueOf('String'))),
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
export function expectedLeaves({ operation }: Pick<OpenapiRegister, 'operation'>): readonly string[] {
  const example = EXAMPLES[operation];
  if (example === undefined) return [];
  // A numeral that a number would round comes as a text.
  const text = example.replace(/:(\d{16,})/g, ':"$1"').replace('"999000003"', `"${valueOf('String') as string}"`);
  const answer = JSON.parse(text) as Record<string, unknown>;
  return leavesIn({ ...answer, _links: undefined, page: undefined });
}

/** The values of leaves, as texts. */
export function leavesIn(value: unknown): readonly string[] {
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
