import type { LeafShape, MemberShape, ObjectShape, Shape, UnknownShape } from '../description.js';
import { isSameName } from '../write/plan.js';
import type { CatalogueColumn, CatalogueTable } from './catalogue.js';
import { shapeOfExample } from '../openapi/example-shape.js';
import { allowedValues } from './checks.js';

/** Number of digits of a number that identifies a person. */
const PERSON_DIGITS = 12;

/** Types whose values come as they are read: `types.ts` of node-postgres has the names. */
const TEXTS: ReadonlySet<string> = new Set([
  ...['text', 'varchar', 'bpchar', 'name', 'citext', 'uuid', 'inet', 'cidr', 'macaddr', 'macaddr8', 'xml', 'ltree'],
  ...['time', 'timetz', 'interval', 'bit', 'varbit', 'money'],
]);

export interface ColumnRules {
  readonly personal: ReadonlySet<string>;
  /** `--constant time_zone=...`: the zone of times without one. */
  readonly timeZone: string | undefined;
  /** `--example`: rows, of which the columns of JSON are read. */
  readonly examples: readonly ExampleRow[];
}

/** A row as JSON, and the file that holds it. */
export interface ExampleRow {
  readonly file: string;
  readonly row: Readonly<Record<string, unknown>>;
}

/** Returns the record of a table. Columns without a type of GraphQL are in it, as unknown. */
export function recordOf(table: CatalogueTable, rules: ColumnRules): ObjectShape {
  return {
    kind: 'object',
    name: table.name,
    ...(table.comment === null ? {} : { description: table.comment }),
    open: false,
    members: table.columns.map((column) => memberOf(table, column, rules)),
  };
}

function memberOf(table: CatalogueTable, column: CatalogueColumn, rules: ColumnRules): MemberShape {
  const shape = jsonOf(column, rules) ?? leafOf(table, column, rules);
  return {
    name: column.name,
    at: [column.name],
    shape: column.isArray && shape.kind === 'leaf' ? { kind: 'list', of: shape } : shape,
    ...(column.comment === null ? {} : { description: column.comment }),
    required: column.isNotNull,
    nullable: !column.isNotNull,
    place: placeOf(table, column.name),
  };
}

/** Returns what an example says of a column of JSON; undefined for any other column, or without an example. */
function jsonOf({ name, type }: CatalogueColumn, { examples }: ColumnRules): Shape | undefined {
  if (type !== 'json' && type !== 'jsonb') return undefined;
  const example = examples.find(({ row }) => Object.hasOwn(row, name));
  return example && shapeOfExample(example.row[name], example.file, name);
}

/** Names a column, or a table without one. */
export function placeOf({ schema, name }: CatalogueTable, column?: string): string {
  return [schema, name, ...(column === undefined ? [] : [column])].join('.');
}

/** Whether the steward says that values of the column identify a person. */
export function isPersonal({ name }: Pick<CatalogueColumn, 'name'>, personal: ReadonlySet<string>): boolean {
  return [...personal].some((one) => isSameName(one, name));
}

/** Returns the shape of a key column as an argument. */
export function argumentOf(table: CatalogueTable, column: CatalogueColumn, rules: ColumnRules): Shape {
  const shape = leafOf(table, column, rules);
  return shape.kind === 'leaf' ? { ...shape, transform: undefined } : shape;
}

const DECIMAL = { type: 'decimal', transform: { as: 'decimal' } } as const;

/** Types of which the catalogue says no more than the name. */
const PLAIN: ReadonlyMap<string, Omit<LeafShape, 'kind'>> = new Map<string, Omit<LeafShape, 'kind'>>([
  ['bool', { type: 'boolean' }],
  ['int2', { type: 'integer' }],
  ['int4', { type: 'integer' }],
  ['int8', { type: 'long' }],
  ['numeric', DECIMAL],
  ['float4', DECIMAL],
  ['float8', DECIMAL],
  ['date', { type: 'date' }],
  ['timestamptz', { type: 'instant' }],
  ['bytea', { type: 'binary' }],
]);

function leafOf(table: CatalogueTable, column: CatalogueColumn, rules: ColumnRules): LeafShape | UnknownShape {
  const { type, category, values } = column;
  const leaf = (rest: Omit<LeafShape, 'kind'>): LeafShape => ({ kind: 'leaf', ...rest });
  if (isPersonal(column, rules.personal) && WHOLE.has(type))
    return leaf({
      type: 'text',
      pattern: `^[0-9]{${PERSON_DIGITS}}$`,
      transform: { as: 'digits', length: PERSON_DIGITS },
    });
  const plain = PLAIN.get(type);
  if (plain !== undefined) return leaf(plain);
  if (type === 'timestamp') return leaf(withoutZone(rules));
  if (category === 'E') return leaf({ type: 'text', enum: values ?? [] });
  if (TEXTS.has(type)) return leaf({ type: 'text', ...textRules(table, column) });
  const why =
    type === 'json' || type === 'jsonb'
      ? `the catalogue does not say what the JSON holds: write the folder again with --example FILE, where FILE holds a row like {"${column.name}": ...} with the members that are wanted`
      : `values of the type ${type} have no type of GraphQL`;
  return { kind: 'unknown', why };
}

/** Without its zone a time is no moment. */
function withoutZone({ timeZone }: ColumnRules): Omit<LeafShape, 'kind'> {
  return timeZone === undefined ? { type: 'text' } : { type: 'instant', transform: { as: 'instant', zone: timeZone } };
}

const WHOLE: ReadonlySet<string> = new Set(['int4', 'int8', 'numeric']);

/** A type modifier of a text is its greatest length plus four (`varchar_support` of PostgreSQL). */
const LENGTH_OFFSET = 4;

function textRules(table: CatalogueTable, { name, type, modifier }: CatalogueColumn): Partial<LeafShape> {
  const length =
    modifier > LENGTH_OFFSET && (type === 'varchar' || type === 'bpchar') ? modifier - LENGTH_OFFSET : undefined;
  const values = allowedValues(table.checks, name);
  return {
    ...(length === undefined ? {} : { maxLength: length }),
    ...(values === undefined ? {} : { enum: values }),
    // The database fills such a text with blanks.
    ...(type === 'bpchar' && (length ?? 1) > 1 ? { transform: { as: 'trim' } } : {}),
  };
}
