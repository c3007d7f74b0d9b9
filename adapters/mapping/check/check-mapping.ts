import type { DocumentNode } from 'graphql';
import type { DocumentPath } from '../../../schemas/bounded-yaml.js';
import { nearestKey } from '../../../schemas/nearest-key.js';
import { unfittingTransforms } from './fitting-transforms.js';
import type { FieldOutline, MappingOutline, NamedType, RootOutline, TypeOutline } from './outline.js';
import { personalValues } from './personal-values.js';
import { unfittingQuestions } from './unfitting-questions.js';
import { schemaTypes, type SchemaField, type SchemaType, type SchemaTypes } from './schema-types.js';

/** Something in a mapping that does not fit the schema. `at`: where it is written; the name of the member if `isName`. */
export interface MappingFault {
  readonly at: DocumentPath;
  readonly isName: boolean;
  /** The member that should be there. Undefined if none is missing. */
  readonly missing?: string;
  /** Places of which a fault of shape may be the cause of this one. */
  readonly consequenceOf?: readonly DocumentPath[];
  /** What is wrong, and what to write. */
  readonly message: string;
}

/**
 * Returns everything in which a mapping does not fit its register's schema: fields, types, roots, keys and arguments that
 * only one of them has, and fields that the mapping reads as something else. Empty if it fits.
 */
export function checkMapping(outline: MappingOutline, document: DocumentNode): readonly MappingFault[] {
  const schema = schemaTypes(document);
  const { questions } = outline;
  return [
    ...new Check(outline, schema).faults(),
    ...(questions === undefined ? [] : unfittingQuestions(questions, schema)),
    ...identifiersInAddress(outline, document),
  ];
}

/** An identifier of a person may be in an address only with the consent of the register's owner. */
function identifiersInAddress({ addressed = [] }: MappingOutline, document: DocumentNode): readonly MappingFault[] {
  const isPersonal = personalValues(document);
  const faults = new Map<string, MappingFault>();
  for (const { at, operation, placeholder, value } of addressed) {
    if (faults.has(operation) || !isPersonal({ placeholder, value })) continue;
    faults.set(operation, {
      at,
      isName: true,
      message: `${operation} puts {${placeholder}}, which identifies a person, into an address: send it in the body, or write identifier_in_address with owner, agreement and until`,
    });
  }
  return [...faults.values()];
}

class Check {
  readonly #outline: MappingOutline;
  readonly #schema: SchemaTypes;
  readonly #mapped: ReadonlyMap<string, TypeOutline>;
  readonly #faults: MappingFault[] = [];
  /** Types that objects of this register may be. */
  readonly #reached = new Set<string>();

  constructor(outline: MappingOutline, schema: SchemaTypes) {
    this.#outline = outline;
    this.#schema = schema;
    this.#mapped = new Map(outline.types.map((type) => [type.name, type]));
  }

  faults(): readonly MappingFault[] {
    this.#checkRoots();
    for (const { name, keys } of this.#schema.types.values()) if (keys.length > 0) this.#reach(name);
    for (const type of this.#outline.types) this.#checkType(type);
    this.#checkMissingTypes();
    return this.#faults;
  }

  #tell(at: DocumentPath, message: string, isName = false): void {
    this.#faults.push({ at, message, isName });
  }

  #tellMissing(at: DocumentPath, missing: string, message: string): void {
    this.#faults.push({ at, message, isName: true, missing });
  }

  #checkRoots(): void {
    const { roots, at } = this.#outline;
    const known = this.#schema.roots;
    for (const root of roots) {
      const field = known.get(root.name);
      if (field === undefined)
        this.#unknown(root.at, `Query has no field ${root.name} in schema.graphql`, root.name, [...known.keys()]);
      else this.#checkArguments(`Query.${root.name}`, root, field);
    }
    for (const { name, type } of known.values()) {
      this.#reach(type);
      if (roots.some((root) => root.name === name) || this.#isMisspelt(name, roots, known)) continue;
      this.#tellMissing(
        at.roots,
        name,
        `lacks the root field ${name}: write how it is read, or remove it from schema.graphql`,
      );
    }
  }

  /** Notes that objects of this type, or of the members of this union or interface, are read. */
  #reach(name: string): void {
    const type = this.#schema.types.get(name);
    if (type === undefined || this.#reached.has(name)) return;
    this.#reached.add(name);
    for (const member of type.members) this.#reach(member);
    for (const field of type.fields.values())
      if (field.isMapped && this.#isInRecord(name, field)) this.#reach(field.type);
  }

  /** A reference and what is not provided lead to no object of the record. */
  #isInRecord(type: string, { name }: SchemaField): boolean {
    const reads = this.#mapped.get(type)?.fields.find((field) => field.name === name)?.reads.kind;
    return reads !== 'reference' && reads !== 'not_provided' && reads !== 'inline';
  }

  #checkMissingTypes(): void {
    for (const name of this.#reached) {
      const type = this.#schema.types.get(name);
      if (type?.kind !== 'object' || this.#mapped.has(name)) continue;
      if (this.#isMisspelt(name, this.#outline.types, this.#schema.types)) continue;
      this.#tellMissing(
        this.#outline.at.types,
        name,
        `lacks the type ${name} of schema.graphql: write where its fields are`,
      );
    }
  }

  #checkType(outline: TypeOutline): void {
    const { name, at, oneOf } = outline;
    const type = this.#schema.types.get(name);
    if (type === undefined) {
      this.#unknown(at, `schema.graphql has no type ${name}`, name, [...this.#schema.types.keys()]);
      return;
    }
    if (oneOf !== undefined) this.#checkOneOf(oneOf, type, at);
    else if (type.kind !== 'object')
      this.#tell(at, `${name} is ${anA(type.kind)}: write discriminator, which tells its types apart`, true);
    else this.#checkFields(outline, type, this.#reached.has(name));
    this.#checkKey(outline, type);
  }

  #checkKey({ name, key, keyAt, at, fields }: TypeOutline, type: SchemaType): void {
    const [expected] = type.keys;
    if (key.length === 0) {
      if (expected === undefined || fields.length === 0) return;
      this.#tell(at, `${name} has no key here, and @key in schema.graphql: write key: ${keyText(expected)}`, true);
      return;
    }
    for (const field of key)
      if (!type.fields.has(field) && !fields.some(({ name: mapped }) => mapped === field))
        this.#unknown(keyAt, `${name} has no field ${field}`, field, [...type.fields.keys()], false);
    if (!key.every((field) => type.fields.has(field)) || expected === undefined) return;
    if (type.keys.some((one) => sameNames(one, key))) return;
    this.#tell(keyAt, `is not the @key of ${name} in schema.graphql: write key: ${keyText(expected)}`);
  }

  /** `isWhole`: whether objects of the type are read, so that all of its fields must be mapped. */
  #checkFields(
    { fields, fieldsAt }: Pick<TypeOutline, 'fields' | 'fieldsAt'>,
    type: SchemaType,
    isWhole: boolean,
  ): void {
    const { name } = type;
    for (const field of fields) {
      const known = type.fields.get(field.name);
      if (known === undefined)
        this.#unknown(
          field.at,
          `${name} has no field ${field.name} in schema.graphql`,
          field.name,
          unmapped(type, fields),
        );
      else if (!known.isMapped && !type.keys.flat().includes(field.name))
        this.#tell(field.at, `${name}.${field.name} is not this register’s own: remove it`, true);
      else this.#checkField(name, field, known);
    }
    if (!isWhole) return;
    for (const field of type.fields.values()) {
      if (!field.isMapped || fields.some((one) => one.name === field.name)) continue;
      if (this.#isMisspelt(field.name, fields, type.fields)) continue;
      const says = field.isRequired ? '' : `, or ${field.name}: { not_provided: why }`;
      this.#tellMissing(fieldsAt, field.name, `${name}.${field.name} is not mapped: write where it is${says}`);
    }
  }

  #checkField(type: string, outline: FieldOutline, field: SchemaField): void {
    const { at, reads, name } = outline;
    const path = `${type}.${name}`;
    const composite = this.#schema.types.get(field.type);
    if (reads.kind === 'not_provided') {
      if (field.isRequired) this.#tell(at, `${path} can never be null in schema.graphql: write where it is`);
      return;
    }
    this.#checkArguments(path, outline, field);
    if (composite === undefined) this.#checkLeaf(path, outline, field);
    else this.#checkObject(path, outline, composite);
  }

  #checkLeaf(path: string, { at, reads }: FieldOutline, field: SchemaField): void {
    if (reads.kind === 'apart' && reads.type === undefined) return;
    if (reads.kind !== 'leaf') {
      this.#tell(at, `${path} is a value of type ${field.type} in schema.graphql: write where the value is`);
      return;
    }
    const chain = reads.transforms;
    for (const { step, option, message } of unfittingTransforms(chain, field, this.#schema)) {
      const place = chain.length > 1 ? ['as', step] : option.split(' ');
      this.#tell([...at, ...place], `${path} ${message}`);
    }
    const takesList = field.lists > 0 || chain.some(({ as }) => as === 'first' || as === 'join');
    if (reads.isOneOrMany && !takesList) this.#tell([...at, 'one_or_many'], `${path} is no list: remove it`, true);
  }

  #checkObject(path: string, { at, reads }: FieldOutline, type: SchemaType): void {
    switch (reads.kind) {
      case 'leaf':
        this.#tell(at, `${path} is ${anA(type.kind)} ${type.name} in schema.graphql: ${whatReads(type)}`);
        return;
      case 'inline':
        this.#checkFields(reads, type, true);
        return;
      case 'abstract':
        this.#checkOneOf(reads.oneOf, type, [...at, 'discriminator']);
        return;
      case 'apart':
        if (reads.type === undefined)
          this.#tell(at, `${path} is ${anA(type.kind)} ${type.name}: write type: ${type.name}`);
        else this.#checkNamed(path, reads.type, type);
        return;
      case 'object':
      case 'reference':
        this.#checkNamed(path, reads, type);
        return;
      case 'not_provided':
    }
  }

  #checkNamed(path: string, named: NamedType, type: SchemaType): void {
    if (named.type === type.name) return;
    this.#tell(named.at, `${path} is of type ${type.name} in schema.graphql, not ${named.type}: write ${type.name}`);
  }

  #checkOneOf(oneOf: readonly NamedType[], type: SchemaType, at: DocumentPath): void {
    if (type.kind === 'object') {
      this.#tell(at, `${type.name} is one object type: write type: ${type.name}`, true);
      return;
    }
    for (const { type: named, at: place } of oneOf)
      if (!type.members.has(named))
        this.#unknown(place, `${type.name} is never ${anA('object')} ${named}`, named, [...type.members], false);
    for (const member of type.members)
      if (!oneOf.some((one) => one.type === member))
        this.#tell(at, `tells no object of type ${member}: write the value that means it`, true);
  }

  #checkArguments(
    path: string,
    { at, arguments: used, mayUseMore }: Pick<RootOutline, 'at' | 'arguments' | 'mayUseMore'>,
    field: SchemaField,
  ): void {
    for (const { name, at: place } of used)
      if (!field.arguments.includes(name))
        this.#unknown(place, `${path} has no argument ${name}`, name, field.arguments, false);
    if (mayUseMore) return;
    for (const name of field.arguments)
      if (!used.some((one) => one.name === name) && !this.#isMisspelt(name, used, new Set(field.arguments)))
        this.#tell(at, `${path} has the argument ${name}, which nothing here uses: write what it is sent as`, true);
  }

  /** Whether a name that is missing is most likely meant by one that is unknown. */
  #isMisspelt(
    missing: string,
    written: readonly { readonly name: string }[],
    known: { has(name: string): boolean; keys(): Iterable<string> },
  ): boolean {
    const unwritten = [...known.keys()].filter((name) => !written.some((one) => one.name === name));
    return written.some(({ name }) => !known.has(name) && nearestKey(name, unwritten) === missing);
  }

  #unknown(at: DocumentPath, message: string, name: string, known: readonly string[], isName = true): void {
    const nearest = nearestKey(name, known);
    const hint = nearest === undefined ? 'remove it' : `did you mean ${nearest}?`;
    this.#tell(at, `${message}: ${hint}`, isName);
  }
}

function unmapped(type: SchemaType, fields: readonly FieldOutline[]): readonly string[] {
  return [...type.fields.keys()].filter((name) => !fields.some((field) => field.name === name));
}

function anA(kind: SchemaType['kind']): string {
  return kind === 'union' ? 'a union' : `an ${kind}`;
}

function whatReads({ kind, name }: SchemaType): string {
  return kind === 'object' ? `write type: ${name}` : 'write discriminator, which tells its types apart';
}

function keyText(key: readonly string[]): string {
  return key.length === 1 ? (key[0] ?? '') : `[${key.join(', ')}]`;
}

function sameNames(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name) => other.includes(name));
}
