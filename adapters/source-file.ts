import { readFileSync } from 'node:fs';
import type { DocumentNode } from 'graphql';
import { z } from 'zod';
import { readBoundedYaml, YamlFault, type TextPlace, type YamlDocument } from '../schemas/bounded-yaml.js';
import { isObject } from '../schemas/objects.js';
import { checkMapping, type MappingFault } from './mapping/check/check-mapping.js';
import type { Protocol } from './protocol.js';
import { PROTOCOLS } from './protocols.js';
import { shapeFaults, type SourceFault } from './source-faults.js';

/** A `source.yaml` of any protocol of the list. */
export type SourceOf<Known extends readonly Protocol[]> = z.output<Known[number]['source']>;
export type Source = SourceOf<typeof PROTOCOLS>;

/** One fault of a `source.yaml`, with its place. */
export interface PlacedFault extends TextPlace {
  /** What is wrong, and what to write. */
  readonly message: string;
}

/** A `source.yaml` that cannot be used. The message has each fault on a line of its own, with file, line and column. */
export class SourceInvalid extends Error {
  /** In the order of the text. Empty if the file cannot be read or does not suit the configuration. */
  readonly faults: readonly PlacedFault[];

  constructor(file: string, problem: string | readonly PlacedFault[]) {
    super(
      typeof problem === 'string'
        ? `${file}: ${problem}`
        : problem.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`).join('\n'),
    );
    this.name = 'SourceInvalid';
    this.faults = typeof problem === 'string' ? [] : problem;
  }
}

/** Reads the mapping of one register from its `source.yaml`. Throws {@link SourceInvalid}. */
export function readSource(file: string, schema?: DocumentNode): Source {
  return readSourceOf(PROTOCOLS, file, schema);
}

/**
 * Reads a `source.yaml` of any protocol of the list, and checks its mapping against the register's `schema.graphql` if
 * that is given. Throws {@link SourceInvalid} with all faults at once.
 */
export function readSourceOf<const Known extends readonly Protocol[]>(
  protocols: Known,
  file: string,
  schema?: DocumentNode,
): SourceOf<Known> {
  const document = readYaml(file);
  const { source, faults } = checkSource(protocols, document.value, schema);
  if (faults.length > 0 || source === undefined) throw new SourceInvalid(file, placed(faults, document));
  return source;
}

/** What a `source.yaml` holds, as far as it can be read, and everything that is wrong with it. */
interface CheckedSource<Known extends readonly Protocol[]> {
  readonly source: SourceOf<Known> | undefined;
  readonly faults: readonly SourceFault[];
}

function checkSource<const Known extends readonly Protocol[]>(
  protocols: Known,
  value: unknown,
  schema: DocumentNode | undefined,
): CheckedSource<Known> {
  const named = isObject(value) ? value['protocol'] : undefined;
  const protocol: Known[number] | undefined = protocols.find(({ name }) => name === named);
  if (protocol === undefined) {
    const known = protocols.map(({ name }) => name).join(', ');
    return {
      source: undefined,
      faults: [{ at: ['protocol'], isName: false, message: `names no protocol: write one of ${known}` }],
    };
  }
  const form: Known[number]['source'] = protocol.source;
  const read: z.ZodSafeParseResult<SourceOf<Known>> = z.safeParse(form, value);
  if (read.success) return { source: read.data, faults: mappingFaults(protocol, read.data, schema) };
  const shape = shapeFaults(read.error, form, value);
  const { parts, faults } = legibleParts(form, value, shape);
  const unfitting = mappingFaults(protocol, { ...parts, protocol: protocol.name }, schema);
  return {
    source: undefined,
    faults: [...faults, ...unfitting.filter((fault) => isOwn(fault, parts, faults))],
  };
}

function mappingFaults(
  protocol: Protocol,
  source: Parameters<Protocol['outlineOf']>[0],
  schema: DocumentNode | undefined,
): readonly MappingFault[] {
  const outline = schema && protocol.outlineOf(source);
  return outline === undefined || schema === undefined ? [] : checkMapping(outline, schema);
}

/** Whether a fault of a mapping is no consequence of faults of shape. */
function isOwn(
  { missing, consequenceOf = [], ...fault }: MappingFault,
  parts: Readonly<Record<string, unknown>>,
  shape: readonly SourceFault[],
): boolean {
  const isLegible = Object.hasOwn(parts, fault.at[0] ?? '');
  const isLeftOut =
    missing !== undefined && shape.some((one) => one.at[fault.at.length] === missing && isIn(one, [fault]));
  const isConsequence = consequenceOf.some((place) =>
    shape.some(({ at }) => place.every((step, depth) => at[depth] === step)),
  );
  return isLegible && !isLeftOut && !isConsequence && !isIn(fault, shape);
}

/** Rounds in which faults come to light that others hid. */
const ROUNDS = 3;

/**
 * Returns the members of a faulty source that can be read once what is wrong in them is left out, and all faults that
 * came to light, the first ones included.
 */
function legibleParts(
  form: Protocol['source'],
  value: unknown,
  first: readonly SourceFault[],
): { readonly parts: Readonly<Record<string, unknown>>; readonly faults: readonly SourceFault[] } {
  const faults = [...first];
  let parts: Record<string, unknown> = {};
  for (let round = 0; round < ROUNDS; round += 1) {
    const pruned = withoutFaults(value, faults);
    if (!isObject(pruned)) break;
    parts = {};
    const before = faults.length;
    for (const [name, part] of Object.entries(form.shape)) {
      const read = z.safeParse(part, pruned[name]);
      if (read.success) parts[name] = read.data;
      else {
        const found = shapeFaults(read.error, part, pruned[name], [name]);
        faults.push(...found.filter((fault) => !isIn(fault, faults)));
      }
    }
    if (faults.length === before) break;
  }
  return { parts, faults };
}

/** Steps to a field of a type: `types`, the type, `fields`, the field. */
const FIELD_STEPS = 4;

/** Where a field is that has a fault of shape. */
function faultyField({ at }: SourceFault): SourceFault['at'] | undefined {
  return at[0] === 'types' && at[2] === 'fields' && at.length >= FIELD_STEPS ? at.slice(0, FIELD_STEPS) : undefined;
}

/** Whether a fault is in a place that has a fault of shape already: it may be no more than a consequence. */
function isIn({ at }: SourceFault, shape: readonly SourceFault[]): boolean {
  return shape.some((one) => (faultyField(one) ?? one.at).every((step, position) => at[position] === step));
}

/** Returns a source without what is wrong with its shape, so that the rest of it can be checked: unknown members, and whole fields. */
function withoutFaults(value: unknown, shape: readonly SourceFault[]): unknown {
  const copy: unknown = structuredClone(value);
  for (const fault of shape) {
    const path = faultyField(fault) ?? fault.at;
    const around = path.slice(0, -1).reduce<unknown>((here, step) => (isObject(here) ? here[step] : undefined), copy);
    const name = path.at(-1);
    if (!isObject(around) || name === undefined) continue;
    if (faultyField(fault) === undefined) Reflect.deleteProperty(around, name);
    else around[name] = { not_provided: 'has a fault' };
  }
  return copy;
}

function placed(faults: readonly SourceFault[], document: YamlDocument): readonly PlacedFault[] {
  return faults
    .map(({ at, isName, message }) => ({ ...document.placeOf(at, isName ? 'name' : 'value'), message }))
    .sort((one, other) => one.line - other.line || one.column - other.column);
}

function readYaml(file: string): YamlDocument {
  try {
    return readBoundedYaml(readFileSync(file, 'utf8'));
  } catch (cause) {
    if (cause instanceof YamlFault) throw new SourceInvalid(file, [{ ...cause.place, message: cause.message }]);
    throw new SourceInvalid(file, cause instanceof Error ? cause.message : 'cannot be read');
  }
}
