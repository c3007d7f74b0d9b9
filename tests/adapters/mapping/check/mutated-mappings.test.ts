import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DocumentNode } from 'graphql';
import { isMap, isScalar, parseDocument, type Document } from 'yaml';
import { readSource, SourceInvalid, type PlacedFault } from '../../../../adapters/source-file.js';
import { readBoundedYaml, type DocumentPath } from '../../../../schemas/bounded-yaml.js';
import { loadRegisters } from '../../../../schemas/catalogue/register-schema.js';
import { packageRoot } from '../../../../schemas/package-root.js';

const REGISTERS = join(packageRoot(), 'schemas', 'registers');

interface Mapping {
  readonly name: string;
  readonly text: string;
  readonly schema: DocumentNode;
  /** The maps whose members are fields of the schema. */
  readonly fields: readonly DocumentPath[];
}

const mappings: readonly Mapping[] = loadRegisters(REGISTERS).map(({ name, document }) => {
  const text = readFileSync(join(REGISTERS, name, 'source.yaml'), 'utf8');
  return { name, text, schema: document, fields: fieldMapsOf(parseDocument(text).toJS()) };
});

function fieldMapsOf({ types = {}, lists = {} }: Record<string, Record<string, object>>): readonly DocumentPath[] {
  return [
    ...Object.keys(types).map((type) => ['types', type, 'fields']),
    ...Object.entries(lists).flatMap(([list, { columns }]: [string, { columns?: object }]) =>
      columns === undefined ? [] : [['lists', list, 'columns']],
    ),
  ];
}

/** Every field of a mapping, by its path. */
function fieldsOf({ text, fields }: Mapping): readonly DocumentPath[] {
  const document = parseDocument(text);
  return fields.flatMap((path) => {
    const map = document.getIn(path);
    return isMap(map) ? map.items.map(({ key }) => [...path, String(isScalar(key) ? key.value : key)]) : [];
  });
}

describe('a mistake in a shipped mapping is told at load', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'mapping-'))));
  after(() => rmSync(folder, { recursive: true }));

  /** Returns the faults of a changed mapping, and where a path of it is written. */
  function faultsOf(
    { text, schema }: Mapping,
    change: (document: Document) => void,
    told: DocumentPath,
  ): { readonly faults: readonly PlacedFault[]; readonly line: number } {
    const document = parseDocument(text);
    change(document);
    const changed = String(document);
    const file = join(folder, 'source.yaml');
    writeFileSync(file, changed);
    const { line } = readBoundedYaml(changed).placeOf(told, 'name');
    try {
      readSource(file, schema);
      return { faults: [], line };
    } catch (error) {
      if (!(error instanceof SourceInvalid)) throw error;
      return { faults: error.faults, line };
    }
  }

  for (const mapping of mappings.filter(({ fields }) => fields.length > 0)) {
    it(`${mapping.name}: a field that is removed`, () => {
      for (const path of fieldsOf(mapping)) {
        const type = path.slice(0, -1);
        const { faults, line } = faultsOf(mapping, (document) => document.deleteIn(path), type);
        expect(
          faults.map((fault) => fault.line),
          path.join('.'),
        ).to.include(line);
        expect(faults.map(({ message }) => message).join()).to.include(`.${String(path.at(-1))} is not mapped`);
      }
    });

    it(`${mapping.name}: a field that is misspelt, with the name that is meant`, () => {
      for (const path of fieldsOf(mapping)) {
        const name = String(path.at(-1));
        const misspelt = [...path.slice(0, -1), `${name.slice(0, -1)}x${name.slice(-1)}`];
        const rename = (document: Document): void => {
          const map = document.getIn(path.slice(0, -1));
          const pair = isMap(map) ? map.items.find(({ key }) => isScalar(key) && key.value === name) : undefined;
          if (isScalar(pair?.key)) pair.key.value = misspelt.at(-1);
        };
        const { faults, line } = faultsOf(mapping, rename, misspelt);
        const told = faults.find((fault) => fault.message.endsWith(`did you mean ${name}?`));
        expect(told?.line, path.join('.')).to.equal(line);
      }
    });

    it(`${mapping.name}: a field that is read as something else`, () => {
      for (const path of fieldsOf(mapping)) {
        const retype = (document: Document): void => {
          const value: unknown = document.getIn(path);
          const isPlain = typeof value === 'string';
          if (path[0] === 'lists') document.setIn([...path, 'as'], wrongTransform(document.getIn([...path, 'as'])));
          else if (isPlain) document.setIn(path, document.createNode({ path: value, as: 'boolean' }, { flow: true }));
          else document.setIn(path, 'somewhere');
        };
        const { faults, line } = faultsOf(mapping, retype, path);
        expect(
          faults.map((fault) => fault.line),
          path.join('.'),
        ).to.include(line);
      }
    });
  }
});

/** A transform of SQL columns that does not give what the column's own one gives. A code needs codes. */
function wrongTransform(as: unknown): string {
  if (as === 'text' || as === 'code') return as === 'text' ? 'code' : 'text';
  return as === 'date_yyyymmdd' ? 'integer' : 'date_yyyymmdd';
}
