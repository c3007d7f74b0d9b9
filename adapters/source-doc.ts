import { z } from 'zod';
import { mappedField } from './mapping/mapped-field.js';
import { TRANSFORMS } from './mapping/transforms/transform.js';
import { PROTOCOLS } from './protocols.js';

/** The parts of JSON Schema in which a source is described. */
interface Described {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Described>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Described | boolean;
  readonly items?: Described;
  readonly anyOf?: readonly Described[];
  readonly oneOf?: readonly Described[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
}

const INTRODUCTION = `# source.yaml

\`schemas/registers/<name>/source.yaml\` says how a register is spoken to, and where the fields of its \`schema.graphql\` are.
It holds no address and no secret: those are in the configuration. \`tereze register new\` writes it from what a register
publishes; \`tereze schema check\`, \`tereze register probe\` and the gateway's start check it, and name file, line and column
of everything that is wrong, at once.

A \`.\` in the tables leads into a map, \`NAME\` is a name that you choose, \`[]\` an item of a list. Unknown keys are refused.

This file is generated from the schemas of the protocols (\`adapters/protocols.ts\`).
`;

const FIELDS = `## Fields of types

Of every protocol: \`types.NAME.fields.NAME\` is a path with dots (\`address.street\`), or a map that says more. Each field of
\`schema.graphql\` is mapped or says \`not_provided\`; fields with \`@derived\` are computed by Tereze and are not mapped.
`;

const TRANSFORM_TEXT = `## Transforms

The closed list for \`as\`. Without a transform a value stays as it came and must be of the field's type. What cannot be
converted is null with one error, reason \`value_type\`; the rest of the record stands. The contract judges the converted
value, and the provenance of the answer names the conversion.
`;

/** The exact text of the committed `docs/source-yaml.md`. */
export function sourceDocument(): string {
  const protocols = PROTOCOLS.map(({ name, source }) => `## Protocol ${name}\n\n${tableOf(describedBy(source))}`);
  return [
    INTRODUCTION,
    `${FIELDS}\n${tableOf(describedBy(mappedField))}`,
    `${TRANSFORM_TEXT}\n${transforms()}`,
    ...protocols,
  ].join('\n');
}

function describedBy(schema: z.ZodType): Described {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Described;
}

function transforms(): string {
  const rows = Object.entries(TRANSFORMS).map(
    ([as, { options, does }]) =>
      `| \`${as}\` | ${options.map((option) => `\`${option}\``).join(', ')} | ${cell(does)} |`,
  );
  return ['| as | options | what it does |', '| --- | --- | --- |', ...rows, ''].join('\n');
}

function tableOf(described: Described): string {
  const rows = new Map<string, Row>();
  addRows(described, '', rows);
  const lines = [...rows].map(([path, { values, meanings, isRequired }]) => {
    const value = [...values].join(' or ');
    return `| \`${path}\`${isRequired ? ' (required)' : ''} | ${cell(value)} | ${cell([...meanings].join(' Or: '))} |`;
  });
  return ['| key | value | meaning |', '| --- | --- | --- |', ...lines, ''].join('\n');
}

/** A key, in all forms that the map around it may have. */
interface Row {
  readonly values: Set<string>;
  readonly meanings: Set<string>;
  /** Whether each form needs it. */
  isRequired: boolean;
}

/** Documented once for all protocols, in tables of their own. */
const SHARED: readonly { readonly path: RegExp; readonly value: string; readonly says: string }[] = [
  { path: /^types\.NAME\.fields$/, value: 'map by NAME', says: 'See [Fields of types](#fields-of-types).' },
  {
    path: /^types\.NAME\.discriminator$/,
    value: 'map',
    says: 'For a union or interface, instead of `fields`: see [Fields of types](#fields-of-types).',
  },
  {
    path: /^as$/,
    value: 'transform, or a list of transforms',
    says: 'How the value is converted, see [Transforms](#transforms). In a list, done in its order, one with options is a map: `[trim, { as: digits, length: 12 }]`. Without it the value stays as it came and must be of the field’s type.',
  },
];

function addRows(described: Described, path: string, rows: Map<string, Row>): void {
  const forms = formsOf(described);
  const maps = forms.filter(({ properties }) => properties !== undefined);
  for (const form of forms) {
    for (const [name, inner] of Object.entries(form.properties ?? {})) {
      const isRequired = maps.every(({ required = [] }) => required.includes(name));
      addRow(inner, { path: path === '' ? name : `${path}.${name}`, isRequired, rows });
    }
    if (typeof form.additionalProperties === 'object') addRows(form.additionalProperties, `${path}.NAME`, rows);
    if (form.items !== undefined) addRows(form.items, `${path}[]`, rows);
  }
}

function addRow(
  described: Described,
  { path, isRequired, rows }: { readonly path: string; readonly isRequired: boolean; readonly rows: Map<string, Row> },
): void {
  const shared = SHARED.find((one) => one.path.test(path));
  const row = rows.get(path) ?? { values: new Set(), meanings: new Set(), isRequired };
  rows.set(path, row);
  row.values.add(shared?.value ?? kindOf(described));
  const says = shared?.says ?? meaningOf(described);
  if (says !== '') row.meanings.add(says);
  if (shared === undefined) addRows(described, path, rows);
}

function formsOf(described: Described): readonly Described[] {
  const forms = described.anyOf ?? described.oneOf;
  return forms === undefined ? [described] : forms.flatMap(formsOf);
}

/** Returns the description, or those of the forms that a value may have, and the default. */
function meaningOf(described: Described): string {
  const { description, default: given } = described;
  const says = description ?? [...new Set(formsOf(described).flatMap((form) => form.description ?? []))].join(' Or: ');
  return given === undefined || typeof given === 'object' ? says : `${says} Default: \`${String(given)}\`.`.trimStart();
}

function kindOf(described: Described): string {
  return [...new Set(formsOf(described).map(kindOfForm))].join(' or ');
}

function kindOfForm({ type, const: only, enum: values, items, properties, additionalProperties }: Described): string {
  if (only !== undefined) return `\`${String(only)}\``;
  if (values !== undefined) return values.map((value) => `\`${String(value)}\``).join(', ');
  if (type === 'array') return `list of ${items === undefined ? 'values' : kindOf(items)}`;
  if (properties !== undefined) return 'map';
  if (type === 'object' || additionalProperties !== undefined) return 'map by NAME';
  const types = [type ?? []].flat();
  return types.length === 0 ? 'any value' : types.map((one) => TYPE_NAMES[one] ?? one).join(' or ');
}

const TYPE_NAMES: Readonly<Record<string, string>> = { string: 'text', integer: 'whole number', null: '`null`' };

/** A cell of a table has no line breaks and no bars. */
function cell(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('|', '\\|');
}
