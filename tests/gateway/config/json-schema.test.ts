import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  configJsonSchema,
  configJsonSchemaText,
  describedAt,
  type ConfigJsonSchema,
} from '../../../gateway/config/json-schema.js';
import { GOVERNED } from '../../../gateway/config/forms/governed.js';
import { packageRoot } from '../../../gateway/state/package-root.js';

describe('configJsonSchema', () => {
  const schema = configJsonSchema();

  it('is the committed file', async () => {
    expect(await readFile(join(packageRoot(), 'gateway', 'config', 'config.schema.json'), 'utf8')).to.equal(
      configJsonSchemaText(),
    );
  });

  it('has the top-level keys', () => {
    expect(Object.keys(schema.properties ?? {}).join(' ')).to.equal(
      'version environment jurisdiction server database state supergraph documents authentication officers authorization policies consent registers quality audit limits telemetry web',
    );
  });

  it('describes every key, in snake_case, without negatives', () => {
    for (const { path, described } of keysOf(schema)) {
      expect(described.description, path).to.be.a('string').with.length.greaterThan(3);
      expect(path.split('.').at(-1), path).to.match(/^([a-z][a-z0-9_]*|\*)$/);
      expect(path, path).not.to.match(/(^|[._])(no|not|disable|disabled|without|skip)(_|$)/);
    }
  });

  it('takes no unknown key anywhere', () => {
    for (const { path, described } of keysOf(schema)) {
      if (described.type === 'object' && described.properties)
        expect(described.additionalProperties, path).to.equal(false);
    }
  });

  it('has a place in the path keys for every file and directory', () => {
    const paths = keysOf(schema)
      .map(({ path }) => path)
      .filter((path) => /(_file|(^|\.)directory)$/.test(path));
    const isKnown = (path: string): boolean =>
      GOVERNED.pathKeys.some((known) =>
        new RegExp(`^${known.replaceAll('.', '\\.').replaceAll('*', '[^.]+')}$`).test(path),
      );
    expect(paths.filter((path) => !isKnown(path))).to.deep.equal([]);
    expect(paths).not.to.be.empty;
  });

  it('keeps secrets in files only', () => {
    const named = keysOf(schema)
      .map(({ path }) => path)
      .filter((path) => /(secret|password|token|api_key)$/.test(path));
    expect(named).to.deep.equal([]);
  });

  it('knows nothing below names that JavaScript objects have', () => {
    expect(describedAt(schema, ['constructor'], {})).to.equal(undefined);
    expect(describedAt(schema, ['__proto__', 'toString'], {})).to.equal(undefined);
  });
});

function keysOf(
  schema: ConfigJsonSchema,
  prefix: readonly string[] = [],
): { path: string; described: ConfigJsonSchema }[] {
  const named = Object.entries(schema.properties ?? {}).flatMap(([name, described]) => {
    const path = [...prefix, name];
    return [{ path: path.join('.'), described }, ...keysOf(described, path)];
  });
  const any =
    typeof schema.additionalProperties === 'object' ? keysOf(schema.additionalProperties, [...prefix, 'x']) : [];
  return [...named, ...any, ...(schema.items ? keysOf(schema.items, prefix) : [])];
}
