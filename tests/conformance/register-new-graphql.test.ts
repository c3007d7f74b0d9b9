import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { describe as describeRegister, type Described } from '../../gateway/describe/describe.js';
import { graphqlReader } from '../../gateway/describe/graphql/reader.js';
import { startUngovernedConfig } from '../../gateway/compose/ungoverned.js';
import type { Gateway } from '../../gateway/compose/app.js';
import { UNGOVERNED } from '../../gateway/config/forms/ungoverned.js';
import { readConfigAs } from '../../gateway/config/read-config.js';
import { composeCatalogue } from '../../schemas/catalogue/compose.js';
import { parseRegister } from '../../schemas/catalogue/register-schema.js';
import { SCHEMA, startPlainService, type PlainService } from '../adapters/graphql/plain/plain-service.js';
import { nullsIn, rootFields, wholeQuestion } from './every-field.js';

const PERSON = '010203590013';
const ROOTS = ['person', 'persons', 'companiesOf'];

describe('a register from the schema of a GraphQL service, asked through a gateway', function () {
  this.timeout(120_000);
  let folder = '';
  let sdl = '';
  let service: PlainService | undefined;
  let gateway: Gateway | undefined;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tereze-graphql-'));
    const { files } = await described();
    sdl = (files?.['schema.graphql'] ?? '')
      .replaceAll('"CATEGORY"', '"test.data"')
      .replaceAll('"CATEGORY_OF_NO_PERSON"', '"test.other"');
    const into = join(folder, 'registers', 'plain');
    mkdirSync(into, { recursive: true });
    for (const [name, text] of Object.entries({ ...files, 'schema.graphql': sdl }))
      writeFileSync(join(into, name), text);
    service = await startPlainService();
    writeFileSync(
      join(folder, 'u.yaml'),
      [
        'version: 1',
        'environment: test',
        'server: { port: 0, operations: { host: 127.0.0.1, port: 0 } }',
        'supergraph: { directory: registers }',
        `registers: { plain: { protocol: graphql, url: '${service.url}' } }`,
        '',
      ].join('\n'),
    );
    gateway = await startUngovernedConfig(await readConfigAs(UNGOVERNED, join(folder, 'u.yaml'), {}));
  });
  after(async () => {
    await gateway?.stop();
    await service?.close();
    rmSync(folder, { recursive: true });
  });

  it('composes once categories are written', () => {
    expect(() => composeCatalogue([parseRegister('plain', sdl)])).not.to.throw();
  });

  for (const name of ROOTS)
    it(`answers every field of ${name}`, async () => {
      const root = rootFields(sdl).find((field) => field.name.value === name);
      const { text, variables } = wholeQuestion(sdl, root ?? expect.fail(), () => PERSON);
      const response = await fetch(`${gateway?.url ?? ''}/graphql`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ query: text, variables }),
      });
      const { data, errors } = (await response.json()) as { data: Record<string, unknown>; errors?: unknown };
      expect(errors, JSON.stringify(errors)).to.equal(undefined);
      expect(nullsIn(data)).to.deep.equal([]);
      expect(JSON.stringify(data[name])).to.match(/"nationalId":"010203590013"|"bin":"144"/);
    });
});

async function described(): Promise<Described> {
  const personal = new Set(['nationalId']);
  const description = await graphqlReader.read({
    document: { file: 'plain-service.graphql', bytes: Buffer.from(SCHEMA) },
    referenced: () => undefined,
    operations: ROOTS,
    examples: new Map(),
    personal,
    constants: new Map(),
    reading: new Set(),
    depth: 2,
  });
  return describeRegister(description, {
    register: 'plain',
    operations: ROOTS,
    personal,
    taken: { types: [], roots: [] },
  });
}
