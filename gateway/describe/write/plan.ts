import type { LeafShape, Said, YamlObject, YamlValue } from '../description.js';

/** Types, fields and roots of a register, named as GraphQL names them. The three files are written from it. */
export interface RegisterPlan {
  readonly register: string;
  readonly title: string | undefined;
  readonly source: YamlObject;
  readonly operations: readonly { readonly name: string; readonly asked: YamlObject }[];
  readonly roots: readonly PlannedRoot[];
  readonly types: readonly PlannedType[];
  readonly unions: readonly PlannedUnion[];
  /** What was left out or assumed, with its place in the document. */
  readonly said: readonly Said[];
}

export interface PlannedType {
  readonly name: string;
  readonly description: string | undefined;
  /** Names of the fields by which it can be asked for. */
  readonly key: readonly string[];
  /** The field that says which person its objects are about. */
  readonly subject: string | undefined;
  /** `read` and `batch`: operations of `source.yaml` that answer by key. Further members are the protocol's. */
  readonly askedBy: YamlObject;
  readonly fields: readonly PlannedField[];
}

export interface PlannedField {
  readonly name: string;
  readonly description: string | undefined;
  /** As GraphQL writes it: `[Lien]`, `Iin!`. */
  readonly type: string;
  /** Set for a list: how many items are assumed at most. */
  readonly listSize: number | undefined;
  /** Where the field leads to another person than its object is about: the field with the number, and the role. */
  readonly person: { readonly field: string; readonly role: string } | undefined;
  /** `types.T.fields.NAME` of `source.yaml`. */
  readonly mapping: YamlValue;
  readonly at: readonly (string | number)[];
  readonly leaf: LeafShape | undefined;
  readonly isRequired: boolean;
}

export interface PlannedUnion {
  readonly name: string;
  readonly description: string | undefined;
  readonly members: readonly string[];
  /** `types.NAME.discriminator` of `source.yaml`, where a question answers with it; a field has its own. */
  readonly mapping: YamlObject;
}

export interface PlannedRoot {
  readonly name: string;
  readonly description: string | undefined;
  readonly arguments: readonly PlannedArgument[];
  readonly type: string;
  readonly listSize: number | undefined;
  /** `roots.NAME` of `source.yaml`. */
  readonly mapping: YamlValue;
}

export interface PlannedArgument {
  readonly name: string;
  readonly type: string;
  readonly description: string | undefined;
  readonly isSubject: boolean;
}

/** Names that other registers beside this one have. */
export interface TakenNames {
  readonly types: readonly string[];
  readonly roots: readonly string[];
}

/** Whether two names are the same, but for letters' case and signs: `personNumber` and `person-number`. */
export function isSameName(one: string, other: string): boolean {
  return bare(one) === bare(other);
}

function bare(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}
