import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../schemas/package-root.js';
import { describe as describeRegister, type Described } from '../../gateway/describe/describe.js';
import { startUngovernedConfig } from '../../gateway/compose/ungoverned.js';
import type { Gateway } from '../../gateway/compose/app.js';
import { UNGOVERNED } from '../../gateway/config/forms/ungoverned.js';
import { readConfigAs } from '../../gateway/config/read-config.js';
import { composeCatalogue } from '../../schemas/catalogue/compose.js';
import { declaredTypes } from '../../schemas/catalogue/declared-types.js';
import { parseRegister } from '../../schemas/catalogue/register-schema.js';
import { vendorDescribed } from '../gateway/describe/wsdl/described.js';
import { rootFields, nullsIn, wholeQuestion } from './every-field.js';
import { soapAnswer } from './soap-answer.js';
import { XsdSamples } from './xsd-sample.js';

const VENDOR = join(packageRoot(), 'tests', 'conformance', 'vendor', 'wsdl');
const DOCUMENTS = {
  xrd4j: 'xrd4j-example-adapter/example-adapter.wsdl',
  adapter: 'rest-adapter-gateway/provider-gateway.wsdl',
  anpr: 'anpr-3000/3000serviziConsultazione.wsdl',
} as const;
type Name = keyof typeof DOCUMENTS;
const NAMES = Object.keys(DOCUMENTS) as Name[];

/** The operations of each document that can be connected, with the element of their answers. */
const OPERATIONS: Readonly<Record<Name, Readonly<Record<string, string>>>> = {
  xrd4j: namedAfter('getRandom', 'helloService', 'listPeople', 'personDetails'),
  adapter: namedAfter(
    ...['getOrganizationList', 'getOrganization', 'fintoService', 'getLibrary', 'searchCompany', 'getCompany'],
    ...['getPTVOrganizationList', 'getPTVOrganization', 'getFinnaRecord'],
  ),
  anpr: {
    richiesta_paternita_maternita: 'Risposta3001',
    interrogazioneCittadino_famiglia_convivenza: 'Risposta3002',
    gestione_richieste: 'Risposta3003',
    consultazione_procedimento_amministrativo: 'Risposta3004',
    visualizzazione_eleaborati: 'Risposta3005',
    interrogazioneCittadino_enti: 'Risposta3006',
    ricerca_identificativi_anpr: 'Risposta3007',
    consultazione_sezione: 'Risposta3008',
  },
};

function namedAfter(...names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, `${name}Response`]));
}

/** What the document leaves open as xs:any: invented. */
const OPEN = '<n:company><n:businessId>1</n:businessId><n:company.name lang="fi">x</n:company.name></n:company>';
const EXAMPLES: Readonly<Record<string, string>> = Object.fromEntries(
  ['getLibrary', 'searchCompany', 'getCompany', 'getPTVOrganizationList', 'getPTVOrganization', 'getFinnaRecord'].map(
    (name) => [
      name,
      `<n:${name}Response xmlns:n="http://x-road.global/producer"><n:request><n:id>7</n:id></n:request><n:response>${OPEN}</n:response></n:${name}Response>`,
    ],
  ),
);

const ARGUMENTS: Readonly<Record<string, unknown>> = {
  Iin: '010203590013',
  String: '1235',
  Int: 7,
  BigInt: '7',
  Decimal: '12.5',
  Boolean: true,
  LocalDate: '2001-02-03',
  Instant: '2026-02-20T05:00:32Z',
};
/** Elements by which a record says whose it is. */
const KEYS = { ssn: ARGUMENTS['String'] as string };

interface Connected {
  readonly register: string;
  readonly document: Name;
  readonly operation: string;
  readonly described: Described;
}

describe('registers from published WSDL, asked through a gateway', () => {
  const connected: Connected[] = [];
  const questions = new Map<string, string>();
  let refuses = false;
  let folder = '';
  let server: Server | undefined;
  let gateway: Gateway | undefined;

  before(async function () {
    this.timeout(120_000);
    folder = mkdtempSync(join(tmpdir(), 'tereze-wsdl-'));
    const taken = { types: [] as string[], roots: [] as string[] };
    for (const document of NAMES)
      for (const operation of Object.keys(OPERATIONS[document])) {
        const register = `r${connected.length}`;
        const one = await describeDocument(document, operation, { register, taken });
        connected.push({ register, document, operation, described: one });
        write(folder, register, one);
        const types = [...declaredTypes(parseRegister(register, schemaOf(one))).values()];
        taken.types.push(...types.map(({ name }) => name));
        taken.roots.push(...rootFields(schemaOf(one)).map(({ name }) => name.value));
      }
    server = createServer((request, response) => void answerTo(request, response));
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    writeFileSync(join(folder, 'u.yaml'), configText(connected, port));
    gateway = await startUngovernedConfig(await readConfigAs(UNGOVERNED, join(folder, 'u.yaml'), {}));
  });
  after(async () => {
    await gateway?.stop();
    server?.close();
    rmSync(folder, { recursive: true });
  });

  const answerTo = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const question = Buffer.concat(chunks).toString();
    const register = request.url?.slice(1) ?? '';
    questions.set(register, question);
    const one = connected.find((each) => each.register === register);
    if (one === undefined) throw new Error(`nothing is at ${register}`);
    response
      .writeHead(200, { 'Content-Type': 'text/xml; charset=utf-8' })
      .end(soapAnswer(refuses ? REFUSAL : dataOf(one), question));
  };

  const ask = async (one: Connected): Promise<{ data?: unknown; errors?: { extensions?: { code?: string } }[] }> => {
    const sdl = schemaOf(one.described);
    const [root] = rootFields(sdl);
    if (root === undefined) throw new Error('no root field');
    const question = wholeQuestion(sdl, root, (_, type) => ARGUMENTS[type]);
    const response = await fetch(`${gateway?.url ?? ''}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ query: question.text, variables: question.variables }),
    });
    return (await response.json()) as Awaited<ReturnType<typeof ask>>;
  };
  const find = (document: Name, operation: string): Connected => {
    const one = connected.find((each) => each.document === document && each.operation === operation);
    if (one === undefined) throw new Error(`${operation} is not connected`);
    return one;
  };

  for (const document of NAMES)
    for (const operation of Object.keys(OPERATIONS[document]))
      it(`${document} ${operation} answers every field`, async () => {
        const answer = await ask(find(document, operation));
        expect(answer.errors, JSON.stringify(answer.errors)?.slice(0, 500)).to.equal(undefined);
        const { left = new Set<string>() } = samples.get(document) ?? {};
        // Of elements of which one comes in place of the others, the sample has the first.
        const nulls = nullsIn(answer.data).filter((path) => !left.has(path.split('/').at(-1) ?? ''));
        expect(nulls).to.deep.equal([]);
        expect(JSON.stringify(answer.data)).to.match(/"(1|7|text|1235)"|:7/);
      });

  it('composes once categories are written', () => {
    for (const { register, described: one } of connected) {
      expect(one.files?.['schema.graphql']).to.include('"CATEGORY');
      composeCatalogue([parseRegister(register, schemaOf(one))]);
    }
  });

  it('asks ANPR in its own form: a qualified element, and all others without a namespace', async () => {
    const one = find('anpr', 'interrogazioneCittadino_enti');
    await ask(one);
    const question = questions.get(one.register) ?? '';
    expect(question).to.match(
      /<(\w+):Richiesta3006 xmlns:\1="http:\/\/sogei.it\/ANPR\/3000consultazione"><testataRichiesta><idOp/,
    );
    expect(question).to.include('<dataRiferimentoRichiesta>2001-02-03</dataRiferimentoRichiesta>');
  });

  it('reads a refusal of ANPR in the same 200 as one', async () => {
    refuses = true;
    try {
      const { data, errors } = await ask(find('anpr', 'interrogazioneCittadino_enti'));
      expect(nullsIn(data)).to.have.length(1);
      expect(errors).to.have.length(1);
    } finally {
      refuses = false;
    }
  });
});

const REFUSAL = readFileSync(join(VENDOR, 'anpr-3000', 'examples', '3006-refused.xml'), 'utf8').replace(
  /^.*<soap:Body>|<\/soap:Body>.*$/gs,
  '',
);

interface Place {
  readonly register: string;
  readonly taken: { readonly types: readonly string[]; readonly roots: readonly string[] };
}

async function describeDocument(document: Name, operation: string, { register, taken }: Place): Promise<Described> {
  const [folder = '', file = ''] = DOCUMENTS[document].split('/');
  const { [operation]: example } = EXAMPLES;
  const description = await vendorDescribed(folder, file, {
    operations: [operation],
    examples: example === undefined ? {} : { [operation]: example },
  });
  return describeRegister(description, { register, operations: [operation], personal: new Set(), taken });
}

/** The schema with categories, as a steward writes them. */
function schemaOf({ files }: Described): string {
  return (files?.['schema.graphql'] ?? '')
    .replaceAll('"CATEGORY"', '"test.data"')
    .replaceAll('"CATEGORY_OF_NO_PERSON"', '"test.other"');
}

function write(folder: string, register: string, one: Described): void {
  const into = join(folder, 'registers', register);
  mkdirSync(into, { recursive: true });
  const files = { ...one.files, 'schema.graphql': schemaOf(one) };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(into, name), text);
}

function configText(connected: readonly Connected[], port: number): string {
  const registers = connected.map(
    ({ register, document }) =>
      `  ${register}: { protocol: soap, url: http://127.0.0.1:${port}/${register}${document === 'anpr' ? '' : ', client: FI/GOV/1/us'} }`,
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

const samples = new Map<Name, XsdSamples>();

/** The data of an answer: as the schema describes it, with what it leaves open. */
function dataOf({ document, operation }: Connected): string {
  const { [operation]: example } = EXAMPLES;
  if (example !== undefined) return example;
  const made = samples.get(document) ?? new XsdSamples(join(VENDOR, DOCUMENTS[document]));
  samples.set(document, made);
  return made.sample(OPERATIONS[document][operation] ?? '', KEYS);
}
