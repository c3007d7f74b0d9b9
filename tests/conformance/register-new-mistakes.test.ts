import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse as parseSdl } from 'graphql';
import { isMap, isScalar, parseDocument } from 'yaml';
import { readSource } from '../../adapters/source-file.js';
import { describe as describeRegister } from '../../gateway/describe/describe.js';
import { openapiReader } from '../../gateway/describe/openapi/reader.js';
import { packageRoot } from '../../schemas/package-root.js';
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
};

describe('a mistake in a mapping that register new wrote', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'tereze-mistakes-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const [document, operations] of Object.entries(WRITTEN))
    it(`is told with its line, for each field of ${document}`, async () => {
      const files = await write(document, operations);
      const { 'source.yaml': source, 'schema.graphql': sdl } = files;
      expect(faultOf(source, sdl)).to.equal('');
      const fields = fieldsIn(source);
      expect(fields).to.have.length.greaterThan(5);
      for (const { name, offset, length } of fields) {
        const misspelt = `${source.slice(0, offset)}${name}Zz${source.slice(offset + length)}`;
        const line = source.slice(0, offset).split('\n').length;
        const fault = faultOf(misspelt, sdl);
        expect(fault, name).to.include(`source.yaml:${line}:`).and.to.include(`${name}Zz`);
      }
    });

  function faultOf(source: string, sdl: string): string {
    const file = join(folder, 'source.yaml');
    writeFileSync(file, source);
    try {
      readSource(file, parseSdl(sdl));
      return '';
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
});

async function write(document: string, operations: readonly string[]): Promise<RegisterFiles> {
  const request = {
    document: { file: document, bytes: readFileSync(join(VENDOR, document)) },
    referenced: () => undefined,
    operations,
    examples: new Map(),
    personal: new Set<string>(),
    constants: new Map(),
    reading: new Set<string>(),
    depth: 2,
  };
  const description = await openapiReader.read(request);
  const taken = { types: [], roots: [] };
  const { files } = describeRegister(description, { register: 'one', operations, personal: request.personal, taken });
  if (files === undefined) throw new Error('nothing is written');
  return files;
}

/** The names of fields in `types`, and where they are written. */
function fieldsIn(
  source: string,
): readonly { readonly name: string; readonly offset: number; readonly length: number }[] {
  const types = parseDocument(source).get('types');
  if (!isMap(types)) return [];
  return types.items.flatMap(({ value }) => {
    const fields = isMap(value) ? value.get('fields') : undefined;
    if (!isMap(fields)) return [];
    return fields.items.flatMap(({ key }) =>
      isScalar(key) && key.range
        ? [{ name: String(key.value), offset: key.range[0], length: key.range[1] - key.range[0] }]
        : [],
    );
  });
}
