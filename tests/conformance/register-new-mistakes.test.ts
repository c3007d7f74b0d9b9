import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse as parseSdl, type DocumentNode } from 'graphql';
import { isMap, isScalar, parseDocument, type Document } from 'yaml';
import { readSource } from '../../adapters/source-file.js';
import { describe as describeRegister } from '../../gateway/describe/describe.js';
import { openapiReader } from '../../gateway/describe/openapi/reader.js';
import { readBoundedYaml, type DocumentPath } from '../../schemas/bounded-yaml.js';
import { packageRoot } from '../../schemas/package-root.js';
import { isObject } from '../../schemas/objects.js';
import { vendorDescribed } from '../gateway/describe/wsdl/described.js';
import type { RegisterFiles } from '../../gateway/describe/write/files.js';

const VENDOR = join(packageRoot(), 'tests', 'conformance', 'vendor', 'openapi');
const WRITTEN = {
  'brreg-enhetsregisteret/enhetsregisteret.json': ['hentEnhet', 'listOrganisasjonsformer', 'hentOrganisasjonsform'],
  'govstack-digital-registries/GovStack_Digital_registries_BB_Data_API_template-1.3.0.yaml': [
    'list',
    'exists',
    'read',
    'DPU',
  ],
  'lien-register/lien-register.swagger2.json': ['liensOfPerson', 'liensOfOrganisation', 'changes'],
  'brp-personen/openapi.json': ['RaadpleegMetBurgerservicenummer', 'ZoekMetPostcodeEnHuisnummer'],
  'xrd4j-example-adapter/example-adapter.wsdl': ['getRandom', 'helloService', 'listPeople', 'personDetails'],
  'anpr-3000/3000serviziConsultazione.wsdl': ['interrogazioneCittadino_enti'],
};

/** Fields of each document that are changed, evenly taken from all. */
const MISTAKES = Number(process.env['MISTAKES'] ?? 8);

describe('a mistake in a mapping that register new wrote', function () {
  this.timeout(60_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'tereze-mistakes-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const [document, operations] of Object.entries(WRITTEN))
    it(`is told with its line, whether a field of ${document} is misspelt, removed or read as something else`, async () => {
      const files = await write(document, operations);
      const { 'schema.graphql': sdl } = files;
      // What the steward fills in: a person's number is in an address.
      const source = files['source.yaml'].replace('YYYY-MM-DD', '2099-12-31');
      const schema = parseSdl(sdl);
      expect(faultOf(source, schema)).to.equal('');
      const fields = sampled(fieldsIn(source));
      expect(fields).to.have.length.greaterThan(5);
      for (const { name, path, isComposite } of fields) {
        const type = path.slice(0, -1);
        const misspelt = changed(source, (yaml) => {
          const map = yaml.getIn(type);
          const pair = isMap(map) ? map.items.find(({ key }) => isScalar(key) && key.value === name) : undefined;
          if (isScalar(pair?.key)) pair.key.value = `${name}Zz`;
        });
        expect(faultOf(misspelt, schema), name)
          .to.include(placeOf(misspelt, [...type, `${name}Zz`]))
          .and.to.include(`${name}Zz`);
        const removed = changed(source, (yaml) => yaml.deleteIn(path));
        expect(faultOf(removed, schema), name)
          .to.include(placeOf(removed, type))
          .and.to.include(`.${name} is not mapped`);
        const other = isComposite ? 'somewhere' : { type: path[1] };
        const retyped = changed(source, (yaml) => yaml.setIn(path, yaml.createNode(other, { flow: true })));
        expect(faultOf(retyped, schema), name)
          .to.include(placeOf(retyped, path, 'value'))
          .and.match(isComposite ? /: write / : /is a value of type/);
      }
    });

  function faultOf(source: string, schema: DocumentNode): string {
    const file = join(folder, 'source.yaml');
    writeFileSync(file, source);
    try {
      readSource(file, schema);
      return '';
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
});

function changed(source: string, change: (yaml: Document) => void): string {
  const yaml = parseDocument(source);
  change(yaml);
  return String(yaml);
}

function placeOf(source: string, path: DocumentPath, part: 'name' | 'value' = 'name'): string {
  return `source.yaml:${readBoundedYaml(source).placeOf(path, part).line}:`;
}

function sampled<Item>(items: readonly Item[]): readonly Item[] {
  const places = Array.from({ length: MISTAKES }, (_, nth) => Math.floor((nth * items.length) / MISTAKES));
  return [...new Set(places)].flatMap((place) => items[place] ?? []);
}

async function write(document: string, operations: readonly string[]): Promise<RegisterFiles> {
  const [folder = '', file = ''] = document.split('/');
  const personal = new Set<string>();
  const description = document.endsWith('.wsdl')
    ? await vendorDescribed(folder, file, { operations })
    : await openapiReader.read({
        document: { file: document, bytes: readFileSync(join(VENDOR, document)) },
        referenced: () => undefined,
        operations,
        examples: new Map(),
        personal,
        constants: new Map(),
        reading: new Set<string>(),
        depth: 2,
      });
  const taken = { types: [], roots: [] };
  const { files } = describeRegister(description, { register: 'one', operations, personal, taken });
  if (files === undefined) throw new Error('nothing is written');
  // The steward fills in the agreement about a number in an address.
  return { ...files, 'source.yaml': files['source.yaml'].replace('until: YYYY-MM-DD', 'until: 2999-12-31') };
}

/** The fields in `types`, and whether they are objects. */
function fieldsIn(
  source: string,
): readonly { readonly name: string; readonly path: DocumentPath; readonly isComposite: boolean }[] {
  const { types } = parseDocument(source).toJS() as {
    types: Readonly<Record<string, { fields?: Readonly<Record<string, unknown>> }>>;
  };
  return Object.entries(types).flatMap(([type, { fields = {} }]) =>
    Object.entries(fields).map(([name, field]) => ({
      name,
      path: ['types', type, 'fields', name],
      isComposite: isObject(field) && ['type', 'discriminator', 'reference'].some((kind) => kind in field),
    })),
  );
}
