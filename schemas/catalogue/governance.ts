import type { Sensitivity } from '../vocabulary.js';

/**
 * The governance index: what the SDL of each register says about each field. The index is kept per
 * register, because composition loses which register said what. `buildGovernanceIndex` builds it. It is
 * immutable, and valid only together with the supergraph of the same hash.
 */
export interface GovernanceIndex {
  /** The category of a field as this register declares it (the field's, else its type's, else its interface's). */
  category(register: string, type: string, field: string): Category | undefined;
  /** Names of the categories of a field in all registers that have it: one, unless they disagree. */
  categoriesOf(type: string, field: string): ReadonlySet<string>;
  /** Whether a field leads to another person in any register. */
  leadsToOthers(type: string, field: string): boolean;
  /** The field with the identifier of the person that objects of this type are about. */
  subjectField(register: string, type: string): string | undefined;
  /** The field with the code of the dwelling that objects of this type are or tell. */
  dwellingField(register: string, type: string): string | undefined;
  /** A field that identifies or leads to another person. */
  link(register: string, type: string, field: string): Link | undefined;
  /** The argument of a root field that names its subject, with its type. */
  subjectArgument(register: string, rootField: string): SubjectArgument | undefined;
  /** Arguments of a root field that name its subject in some register. */
  subjectArgumentNames(rootField: string): ReadonlySet<string>;
  /** A field that the gateway computes from other fields of the same object. */
  derived(register: string, type: string, field: string): Derivation | undefined;
  /** How long a list field can be. Undefined for a field that is not a list. */
  listBound(register: string, type: string, field: string): ListBound | undefined;
  /** Coordinates (`Type.field`) of the fields of a category in any register, sorted. */
  fieldsOf(category: string): readonly string[];
  /** What the SDL of a register has at all. */
  inRegister(register: string): RegisterGovernance;
  /** Every category, by name. */
  readonly categories: ReadonlyMap<string, Category>;
}

export interface RegisterGovernance {
  /** Names of the categories of its fields. */
  readonly categories: ReadonlySet<string>;
  /** Roles of its links to other people. */
  readonly roles: ReadonlySet<string>;
}

export interface Category {
  readonly name: string;
  readonly sensitivity: Sensitivity;
}

/** `argument`: as many as its value says. */
export type ListBound =
  | { readonly kind: 'size'; readonly size: number }
  | { readonly kind: 'argument'; readonly argument: string; readonly byDefault?: number };

export interface Link {
  /** Field of the target object that identifies the person; the field itself when it is a scalar. */
  readonly field: string;
  readonly role: string;
}

export interface SubjectArgument {
  readonly name: string;
  /** `identifier`: the number itself (`Iin`). `handle`: a reference that the gateway resolves (`PersonHandle`). */
  readonly form: 'identifier' | 'handle';
}

export interface Derivation {
  /** Source fields: read, never disclosed by this field. */
  readonly from: readonly string[];
  /** Name of the derivation in `policies/disclosure`: `birthYear`, `ageGroup`, `pseudonym`. */
  readonly by: string;
}

/** Everything that must load and swap together, under one hash. */
export interface Catalogue {
  /** `sha256:<hex>` over supergraph and index. */
  readonly hash: string;
  readonly supergraphSdl: string;
  /** The public schema: no federation machinery, no governance directives, no inaccessible members. */
  readonly publicSdl: string;
  readonly governance: GovernanceIndex;
  /** Features that the schemas declare and Tereze ignores: those that it may ignore. */
  readonly ignoredFeatures: readonly IgnoredFeature[];
}

/** Where a schema declares a feature that Tereze does not know and may ignore (core specification v0.2). */
export interface IgnoredFeature {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}
