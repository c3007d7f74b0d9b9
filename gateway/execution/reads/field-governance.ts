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

/** How the person that the objects of a selection are about relates to the person of the object around them. */
export type SubjectRelation =
  { readonly kind: 'same' } | { readonly kind: 'named' } | { readonly kind: 'linked'; readonly field: string };

/** The type of `_entities`: any object of the register that has a key (Federation 2, subgraph specification). */
export const ENTITY_TYPE = '_Entity';

/** The governance of a field without any. */
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
  /** Throws for a field without a category. Composition refuses such a field, so the catalogue is broken. */
  ruleFor(type: string, field: string): FieldRule;
  /** `leadsTo`: the type of the field and its possible types. */
  subjectRelation(
    type: string,
    field: string,
    leadsTo: ReadonlySet<string>,
  ): { readonly relation: SubjectRelation; readonly link: Link | undefined };
  /** Returns the field that holds the number of the person that objects of this type are about. */
  subjectField(type: string): string | undefined;
  /** Returns the field that holds the code of the dwelling that objects of this type are or tell. */
  dwellingField(type: string): string | undefined;
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

/** Prefix of the response key of a derived field's source, if the plan does not select the source. */
export const SOURCE_PREFIX = '_d_';
/** Prefix of the response key of a person's number or a dwelling's code, if the plan does not select it. */
export const IDENTITY_PREFIX = '_g_';

/** Role of a person that a field without a stated role leads to. No rule grants a nexus to it. */
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
    dwellingField: (type) => index.dwellingField(register, type),
  };
}

/** Returns the link of a field. A field that leads to a type about people is a link, also if the schema does not state it. */
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

/** Returns `read` only if every use in the document is a read. A field that the footprint does not have counts as disclosed. */
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
