import type { SelectedField } from '../port.js';
import { readingOf } from '../mapping/mapped-field.js';
import type { SoapSource } from './source.js';
import { ownMember } from '../../schemas/objects.js';

/** Elements that a selection reads, as a tree of local names. The parser skips any other. */
export interface WantedElement {
  readonly kind: 'leaf' | 'object';
  readonly repeated: boolean;
  readonly children: ReadonlyMap<string, WantedElement>;
}

interface Making extends WantedElement {
  readonly children: Map<string, Making>;
}

/**
 * Returns the elements that the selection reads of a record of this type. Throws for a field that the mapping lacks, or
 * that would be read as two things.
 */
export function compileWanted(source: SoapSource, type: string, fields: readonly SelectedField[]): WantedElement {
  const record = making('object', false);
  want(source, type, fields, record);
  return record;
}

function want(source: SoapSource, type: string, fields: readonly SelectedField[], into: Making): void {
  for (const field of fields) {
    if (field.name === '__typename') continue;
    const mapped = ownMember(ownMember(source.types, type)?.fields ?? {}, field.name);
    if (mapped === undefined) throw new Error(`source.yaml maps no ${type}.${field.name}`);
    const reading = readingOf(field.name, mapped);
    if (reading.kind === 'not_provided') continue;
    const inner = reading.kind === 'object' ? reading.type : undefined;
    if (reading.kind === 'abstract' || reading.kind === 'apart')
      throw new Error(`source.yaml maps ${type}.${field.name} in a way that SOAP cannot read`);
    const element = place(into, reading.at.map(String), inner === undefined ? 'leaf' : 'object', field);
    if (inner !== undefined) want(source, inner, field.fields, element);
  }
}

function place(
  into: Making,
  path: readonly string[],
  kind: WantedElement['kind'],
  { parentType, name: fieldName, list }: SelectedField,
): Making {
  return path.reduce((parent, name, step) => {
    const last = step === path.length - 1;
    const made = making(last ? kind : 'object', last && list);
    const there = parent.children.get(name) ?? made;
    if (there.kind !== made.kind || there.repeated !== made.repeated)
      throw new Error(`source.yaml reads ${path.join('.')} of ${parentType}.${fieldName} as two things`);
    parent.children.set(name, there);
    return there;
  }, into);
}

function making(kind: WantedElement['kind'], repeated: boolean): Making {
  return { kind, repeated, children: new Map() };
}
