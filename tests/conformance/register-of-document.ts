import type { Described } from '../../gateway/describe/describe.js';
import { declaredTypes } from '../../schemas/catalogue/declared-types.js';
import { parseRegister } from '../../schemas/catalogue/register-schema.js';
import { rootFields } from './every-field.js';

/** An identification number that no one has. */
export const PERSON = '010203590013';

const VALUES: Readonly<Record<string, unknown>> = {
  Iin: PERSON,
  String: '111111111',
  Int: 7,
  BigInt: '7',
  Decimal: '12.5',
  Boolean: true,
  LocalDate: '2001-02-03',
  Instant: '2026-02-20T05:00:32Z',
};

/** Returns the value that is given to arguments of a type. */
export function valueOf(type: string): unknown {
  return VALUES[type];
}

/** Where a register is to stand: its name, and what the registers beside it have taken. */
export interface Place {
  readonly register: string;
  readonly taken: { readonly types: readonly string[]; readonly roots: readonly string[] };
}

export const ALONE: Place = { register: 'one', taken: { types: [], roots: [] } };

/** The names that registers have taken so far, for those beside them. */
export class TakenNames {
  readonly types: string[] = [];
  readonly roots: string[] = [];

  add(register: string, schema: string): void {
    this.types.push(...[...declaredTypes(parseRegister(register, schema)).values()].map(({ name }) => name));
    this.roots.push(...rootFields(schema).map(({ name }) => name.value));
  }
}

/** The schema with categories, as a steward writes them. */
export function schemaOf({ files }: Described, category = 'test.data', ofNoPerson = 'test.other'): string {
  return (files?.['schema.graphql'] ?? '')
    .replaceAll('"CATEGORY"', `"${category}"`)
    .replaceAll('"CATEGORY_OF_NO_PERSON"', `"${ofNoPerson}"`);
}
