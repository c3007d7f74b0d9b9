import type { DirectiveNode, FieldDefinitionNode } from 'graphql';
import { SENSITIVITIES, type Sensitivity } from '../vocabulary.js';
import { declaredTypes, namedTypeOf, ROOT_TYPES, type DeclaredType } from './declared-types.js';
import type {
  Category,
  Derivation,
  GovernanceIndex,
  Link,
  ListBound,
  RegisterGovernance,
  SubjectArgument,
} from './governance.js';
import { listBound } from './list-bounds.js';
import { applied, textArgument, textListArgument } from './directive-arguments.js';
import { governanceNames, type GovernanceNames } from './governance-names.js';
import type { RegisterSchema } from './register-schema.js';

/** The scalar whose values are references that the gateway resolves. */
const HANDLE_SCALAR = 'PersonHandle';

/** Everything the index says, as plain data: hashed with the supergraph, and looked up by key. */
export interface GovernanceFacts {
  /** `register Type.field` -> category. */
  readonly categories: Readonly<Record<string, string>>;
  /** `register Type` -> subject field. */
  readonly subjects: Readonly<Record<string, string>>;
  /** `register Type` -> field with the code of a dwelling. */
  readonly dwellings: Readonly<Record<string, string>>;
  /** `register Type.field` -> link. */
  readonly links: Readonly<Record<string, Link>>;
  /** `register rootField` -> argument. */
  readonly subjectArguments: Readonly<Record<string, SubjectArgument>>;
  /** `register Type.field` -> derivation. */
  readonly derivations: Readonly<Record<string, Derivation>>;
  /** `register Type.field` -> how long the list can be. */
  readonly listBounds: Readonly<Record<string, ListBound>>;
  /** Category -> its strictest sensitivity. */
  readonly sensitivities: Readonly<Record<string, Sensitivity>>;
}

/** Collects what each register's SDL says, before composition loses which register said it. */
export function collectGovernance(registers: readonly RegisterSchema[]): GovernanceFacts {
  const facts = new Collector();
  for (const register of registers) facts.register(register);
  return facts.done();
}

class Collector {
  readonly #categories: Record<string, string> = Object.create(null) as Record<string, string>;
  readonly #subjects: Record<string, string> = Object.create(null) as Record<string, string>;
  readonly #dwellings: Record<string, string> = Object.create(null) as Record<string, string>;
  readonly #links: Record<string, Link> = Object.create(null) as Record<string, Link>;
  readonly #arguments: Record<string, SubjectArgument> = Object.create(null) as Record<string, SubjectArgument>;
  readonly #derivations: Record<string, Derivation> = Object.create(null) as Record<string, Derivation>;
  readonly #listBounds: Record<string, ListBound> = Object.create(null) as Record<string, ListBound>;
  readonly #sensitivities: Record<string, Sensitivity> = Object.create(null) as Record<string, Sensitivity>;

  register(register: RegisterSchema): void {
    const names = governanceNames(register.document);
    const types = declaredTypes(register);
    for (const type of types.values()) {
      const subject = nearest(type, types, ({ directives }) => applied(names.subject, directives)[0]);
      if (subject) this.#subjects[`${register.name} ${type.name}`] = textArgument(subject, 'field') ?? '';
      const dwelling = nearest(type, types, ({ directives }) => applied(names.dwelling, directives)[0]);
      if (dwelling) this.#dwellings[`${register.name} ${type.name}`] = textArgument(dwelling, 'field') ?? '';
      for (const field of type.fields) this.#field(register.name, type, field, types, names);
    }
  }

  done(): GovernanceFacts {
    return {
      categories: this.#categories,
      subjects: this.#subjects,
      dwellings: this.#dwellings,
      links: this.#links,
      subjectArguments: this.#arguments,
      derivations: this.#derivations,
      listBounds: this.#listBounds,
      sensitivities: this.#sensitivities,
    };
  }

  #field(
    register: string,
    type: DeclaredType,
    field: FieldDefinitionNode,
    types: ReadonlyMap<string, DeclaredType>,
    names: GovernanceNames,
  ): void {
    const key = `${register} ${type.name}.${field.name.value}`;
    const ofField = (directive: ReadonlySet<string>): DirectiveNode | undefined =>
      nearest(type, types, (one) => applied(directive, fieldOf(one, field)?.directives)[0]);
    const category = categoryOf(type, field, types, names.category);
    if (category) this.#category(key, category);
    const link = ofField(names.subject);
    if (link)
      this.#links[key] = { field: textArgument(link, 'field') ?? '', role: textArgument(link, 'role') ?? 'self' };
    const derived = ofField(names.derived);
    if (derived)
      this.#derivations[key] = { from: textListArgument(derived, 'from'), by: textArgument(derived, 'by') ?? '' };
    const bound = nearest(type, types, (one) => boundOf(one, field, names));
    if (bound) this.#listBounds[key] = bound;
    if (ROOT_TYPES.has(type.name)) this.#subjectArgument(register, field, names);
  }

  #category(key: string, directive: DirectiveNode): void {
    const name = textArgument(directive, 'name') ?? '';
    const sensitivity = (textArgument(directive, 'sensitivity') ?? 'PERSONAL') as Sensitivity;
    this.#categories[key] = name;
    const known = this.#sensitivities[name];
    if (known === undefined || SENSITIVITIES.indexOf(sensitivity) > SENSITIVITIES.indexOf(known))
      this.#sensitivities[name] = sensitivity;
  }

  #subjectArgument(register: string, field: FieldDefinitionNode, names: GovernanceNames): void {
    const found = field.arguments?.find(({ directives }) => applied(names.subjectArgument, directives).length > 0);
    if (!found) return;
    this.#arguments[`${register} ${field.name.value}`] = {
      name: found.name.value,
      form: namedTypeOf(found.type) === HANDLE_SCALAR ? 'handle' : 'identifier',
    };
  }
}

function boundOf(type: DeclaredType, field: FieldDefinitionNode, names: GovernanceNames): ListBound | undefined {
  const declared = fieldOf(type, field);
  return declared && listBound(declared, names.listSize);
}

/** The field's own category, else its type's, else, per interface, the field's there or the interface's. */
function categoryOf(
  type: DeclaredType,
  field: FieldDefinitionNode,
  types: ReadonlyMap<string, DeclaredType>,
  names: ReadonlySet<string>,
): DirectiveNode | undefined {
  return nearest(
    type,
    types,
    (one) => applied(names, fieldOf(one, field)?.directives)[0] ?? applied(names, one.directives)[0],
  );
}

/** What the type itself says, else the first of its interfaces that says it. */
function nearest<T>(
  type: DeclaredType,
  types: ReadonlyMap<string, DeclaredType>,
  told: (type: DeclaredType) => T | undefined,
): T | undefined {
  const own = told(type);
  if (own !== undefined) return own;
  return type.interfaces
    .flatMap((name) => types.get(name) ?? [])
    .map(told)
    .find((inherited) => inherited !== undefined);
}

function fieldOf(type: DeclaredType, { name }: FieldDefinitionNode): FieldDefinitionNode | undefined {
  return type.fields.find((candidate) => candidate.name.value === name.value);
}

/** The governance index of registers' own SDLs. Pure; lints nothing. */
export function buildGovernanceIndex(registers: readonly RegisterSchema[]): GovernanceIndex {
  return governanceIndex(collectGovernance(registers));
}

const NONE: ReadonlySet<string> = new Set();

/** The index over collected facts. */
export function governanceIndex(facts: GovernanceFacts): GovernanceIndex {
  const categories = new Map<string, Category>(
    Object.entries(facts.sensitivities).map(([name, sensitivity]) => [name, { name, sensitivity }]),
  );
  const naming = new Map<string, Set<string>>();
  for (const [key, { name }] of Object.entries(facts.subjectArguments)) {
    const [, rootField = ''] = key.split(' ');
    naming.set(rootField, new Set([...(naming.get(rootField) ?? []), name]));
  }
  const anywhere = new Map<string, Set<string>>();
  for (const [key, category] of Object.entries(facts.categories)) {
    const [, coordinate = ''] = key.split(' ');
    anywhere.set(coordinate, new Set([...(anywhere.get(coordinate) ?? []), category]));
  }
  const fields = new Map<string, string[]>();
  for (const [coordinate, names] of [...anywhere].sort(([one], [other]) => (one < other ? -1 : 1)))
    for (const name of names) fields.set(name, [...(fields.get(name) ?? []), coordinate]);
  const registers = registerGovernance(facts);
  const leading = new Set(Object.keys(facts.links).map((key) => key.split(' ')[1]));
  return {
    categories,
    fieldsOf: (category) => fields.get(category) ?? [],
    inRegister: (register) => registers.get(register) ?? { categories: NONE, roles: NONE },
    leadsToOthers: (type, field) => leading.has(`${type}.${field}`),
    categoriesOf: (type, field) => anywhere.get(`${type}.${field}`) ?? NONE,
    category: (register, type, field) => categories.get(facts.categories[`${register} ${type}.${field}`] ?? ''),
    subjectField: (register, type) => facts.subjects[`${register} ${type}`],
    dwellingField: (register, type) => facts.dwellings[`${register} ${type}`],
    link: (register, type, field) => facts.links[`${register} ${type}.${field}`],
    subjectArgument: (register, rootField) => facts.subjectArguments[`${register} ${rootField}`],
    subjectArgumentNames: (rootField) => naming.get(rootField) ?? NONE,
    listBound: (register, type, field) => facts.listBounds[`${register} ${type}.${field}`],
    derived: (register, type, field) => facts.derivations[`${register} ${type}.${field}`],
  };
}

function registerGovernance({ categories, links }: GovernanceFacts): ReadonlyMap<string, RegisterGovernance> {
  const registers = new Map<string, { readonly categories: Set<string>; readonly roles: Set<string> }>();
  const of = (key: string): { readonly categories: Set<string>; readonly roles: Set<string> } => {
    const [name = ''] = key.split(' ');
    let register = registers.get(name);
    if (register === undefined) registers.set(name, (register = { categories: new Set(), roles: new Set() }));
    return register;
  };
  for (const [key, category] of Object.entries(categories)) of(key).categories.add(category);
  for (const [key, { role }] of Object.entries(links)) of(key).roles.add(role);
  return registers;
}

/** The index of registers of which nothing is said. */
export const NOTHING_GOVERNED: GovernanceIndex = governanceIndex({
  categories: {},
  subjects: {},
  dwellings: {},
  links: {},
  subjectArguments: {},
  derivations: {},
  listBounds: {},
  sensitivities: {},
});
