import type { Derive } from '../../../policies/disclosure/port.js';
import type { GovernanceIndex, Link, ListBound } from '../../../schemas/catalogue/governance.js';
import type { Access } from '../../../schemas/vocabulary.js';
import type { FootprintEntry } from '../../planning/plan.js';
import type { DerivationSource, FieldDerivation } from './read-field.js';
import type { SupergraphTypes } from '../../../schemas/catalogue/supergraph-types.js';
import type { ActiveConditions } from './conditions.js';

/** What the selections of one register in one document are compiled with. */
export interface SelectionContext {
  readonly register: string;
  readonly types: SupergraphTypes;
  readonly governance: FieldGovernance;
  readonly activeConditions: ActiveConditions;
}

/** Which person the objects of a selection are about, in comparison with what encloses them. */
export type SubjectRelation =
  { readonly kind: 'same' } | { readonly kind: 'named' } | { readonly kind: 'linked'; readonly field: string };

/** The type of what `_entities` gives: any object of the register that has a key (Federation 2, subgraph specification). */
export const ENTITY_TYPE = '_Entity';

/** What governs nothing. */
export const UNGOVERNED = {
  category: undefined,
  access: 'read',
  link: undefined,
  derivation: undefined,
  bound: undefined,
} as const;

/** What governs the fields that one document reads from one register. */
export interface FieldGovernance {
  /** False only for a catalogue without any category: a plain federation. */
  readonly governed: boolean;
  categoryOf(type: string, field: string): string | undefined;
  /** Throws for a field without a category: composition lets none through, so the catalogue is broken. */
  ruleFor(type: string, field: string): FieldRule;
  /** `leadsTo`: the type of the field and every type that it may stand for. */
  subjectRelation(
    type: string,
    field: string,
    leadsTo: ReadonlySet<string>,
  ): { readonly relation: SubjectRelation; readonly link: Link | undefined };
  /** The field that holds the number of the person whom objects of this type are about. */
  subjectField(type: string): string | undefined;
}

export interface FieldRule {
  readonly category: string | undefined;
  readonly access: Access;
  readonly derivation: FieldDerivation | undefined;
  readonly bound: ListBound | undefined;
}

export interface GovernanceSources {
  readonly index: GovernanceIndex;
  readonly derivations: ReadonlyMap<string, Derive>;
  readonly footprint: readonly FootprintEntry[];
  /** Names of the root types. */
  readonly rootTypes: ReadonlySet<string>;
}

/** Response key under which the source of a derived field is asked where the plan does not select it. */
export const SOURCE_PREFIX = '_d_';
/** Response key under which a person's number is asked where the plan does not select it. */
export const IDENTITY_PREFIX = '_g_';

/** Role of a person to whom a field leads that does not say how: no rule grants a nexus to it. */
const UNSTATED_ROLE = 'unstated';

export function fieldGovernance(register: string, sources: GovernanceSources): FieldGovernance {
  const { index, rootTypes } = sources;
  const governed = index.categories.size > 0;
  const categoryOf = (type: string, field: string): string | undefined => index.category(register, type, field)?.name;
  return {
    governed,
    categoryOf,
    ruleFor: (type, field) => {
      if (!governed) return { category: undefined, access: 'read', derivation: undefined, bound: undefined };
      const category = categoryOf(type, field);
      if (category === undefined) throw new Error(`${register}: ${type}.${field} has no category`);
      return {
        category,
        access: accessOf(register, `${type}.${field}`, sources.footprint),
        derivation: derivationOf(register, type, field, sources),
        bound: index.listBound(register, type, field),
      };
    },
    subjectRelation: (type, field, leadsTo) => {
      if (rootTypes.has(type)) return { relation: { kind: 'named' }, link: undefined };
      const link = linkOf(register, type, field, leadsTo, index);
      return link
        ? { relation: { kind: 'linked', field: link.field }, link }
        : { relation: { kind: 'same' }, link: undefined };
    },
    subjectField: (type) => index.subjectField(register, type),
  };
}

/** A field that leads to a type about persons leads to another person, said or not. */
function linkOf(
  register: string,
  type: string,
  field: string,
  leadsTo: ReadonlySet<string>,
  index: GovernanceIndex,
): Link | undefined {
  const link = index.link(register, type, field);
  if (link) return link;
  const subjectField = [...leadsTo].map((one) => index.subjectField(register, one)).find((one) => one !== undefined);
  return subjectField === undefined ? undefined : { field: subjectField, role: UNSTATED_ROLE };
}

/** What is disclosed anywhere in a document is decided as disclosed; what the footprint does not know, too. */
function accessOf(register: string, coordinate: string, footprint: readonly FootprintEntry[]): Access {
  const entries = footprint.filter((entry) => entry.register === register && entry.coordinate === coordinate);
  return entries.length > 0 && entries.every(({ access }) => access === 'read') ? 'read' : 'disclose';
}

function derivationOf(
  register: string,
  type: string,
  field: string,
  { index, derivations }: GovernanceSources,
): FieldDerivation | undefined {
  const derivation = index.derived(register, type, field);
  if (!derivation) return undefined;
  const derive = derivations.get(derivation.by);
  if (!derive) throw new Error(`${register}: ${type}.${field} is derived by ${derivation.by}, which does not exist`);
  return { derive, sources: derivation.from.map((name) => sourceOf(register, type, name, index)) };
}

function sourceOf(register: string, type: string, name: string, index: GovernanceIndex): DerivationSource {
  const category = index.category(register, type, name)?.name;
  if (category === undefined) throw new Error(`${register}: ${type}.${name} has no category`);
  return { name, responseKey: SOURCE_PREFIX + name, category };
}
