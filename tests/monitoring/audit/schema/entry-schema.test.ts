import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { packageRoot } from '../../../../gateway/state/package-root.js';
import { auditEventsDocument } from '../../../../monitoring/audit/audit-events-doc.js';
import { ENTRY_SCHEMA_VERSION, type EntryBody } from '../../../../monitoring/audit/entries.js';
import { entrySchema } from '../../../../monitoring/audit/schema/bodies.js';

type DeepReadonly<Value> = Value extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : Value extends object
    ? { readonly [Name in keyof Value]: DeepReadonly<Value[Name]> }
    : Value;
type Same<One, Other> =
  (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : { readonly differs: [One, Other] };
type OfKind<Body, Kind> = Body extends { kind: Kind } ? DeepReadonly<Body> : never;

/** Each kind of the schema is the type of the same name, member by member. A difference does not compile. */
const SAME: {
  readonly [Kind in EntryBody['kind']]: Same<OfKind<z.output<typeof entrySchema>, Kind>, OfKind<EntryBody, Kind>>;
} = {
  intent: true,
  completion: true,
  refusal: true,
  refusals: true,
  act: true,
  state: true,
  sink: true,
  audit_read: true,
  audit_read_end: true,
  retention: true,
  alert: true,
  approval: true,
};

const FOLDER = join(packageRoot(), 'tests', 'golden', 'entries', String(ENTRY_SCHEMA_VERSION));

describe('docs/audit-events.md', () => {
  it('is what schema and catalogue make of it', () => {
    expect(readFileSync(join(packageRoot(), 'docs', 'audit-events.md'), 'utf8'), 'npm run generate').to.equal(
      auditEventsDocument(),
    );
  });
});

describe('the schema of entries', () => {
  const bodies = readdirSync(FOLDER).map(
    (file) => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Record<string, unknown>,
  );

  it('has every kind', () => {
    expect(new Set(bodies.map(({ kind }) => kind))).to.deep.equal(new Set(Object.keys(SAME)));
  });

  it('takes every entry that the gateway writes, and none with a member more or less', () => {
    for (const body of bodies) {
      expect(entrySchema.safeParse(body).error?.issues ?? []).to.deep.equal([]);
      expect(entrySchema.safeParse({ ...body, more: 1 }).success).to.equal(false);
      expect(entrySchema.safeParse({ ...body, requestId: undefined }).success).to.equal(false);
    }
  });
});
