/**
 * What a published document says of a register, in any language. A reader (`readers.ts`) makes it, and
 * `tereze register new` writes `schema.graphql`, `contract.yaml` and `source.yaml` from it. A reader names nothing in
 * GraphQL: names, types, categories and the contract are the writer's.
 */
export interface RegisterDescription {
  /** Title of the document, as it is written. */
  readonly title?: string | undefined;
  /** Members of `source.yaml` before `operations`, `roots` and `types`: `protocol`, namespace, profile, constants. */
  readonly source: YamlObject & { readonly protocol: string };
  /** What the document says of the register's part of the configuration: address, authentication. Printed, not written. */
  readonly settings: YamlObject;
  /** In the order of the document. Those that cannot be read are there, with `refused` or `needsExample`. */
  readonly operations: readonly OperationDescription[];
  /** Faults of the document, and what the reader could not say of the whole of it. */
  readonly said: readonly Said[];
}

/** Something that the document does not say, or says and Tereze does not do. It holds no value of an example. */
export interface Said {
  /** JSON pointer (`#/paths/~1persons/get`), line (`12`, `12:5`) or name in the document. The file is added by the command. */
  readonly place: string;
  /** One sentence, without its full stop. */
  readonly message: string;
}

/** One operation, as its document names it. */
export interface OperationDescription {
  /** The name that `--operation` and the document use; unique in the document. */
  readonly name: string;
  /** Other ways to name it, like `GET /persons/{number}`. */
  readonly aliases?: readonly string[] | undefined;
  /** Set where the document's operation has several kinds of question, and this is one: the operation's names. */
  readonly of?: readonly string[] | undefined;
  readonly title?: string | undefined;
  readonly place: string;
  /** Why it cannot be connected, as a sentence without its full stop. The operation is then never written. */
  readonly refused?: string | undefined;
  /** Why an example answer is needed. Undefined if the answer is described, here or by an example that was given. */
  readonly needsExample?: string | undefined;
  readonly parameters: readonly ParameterDescription[];
  /** The record or the list that the answer is, below what `asked` passes over (envelope, page). */
  readonly answer?: Shape | undefined;
  /** Values that identify the record, if parameters are what it is found by. Absent: the operation is a root field only. */
  readonly entity?: EntityDescription | undefined;
  /**
   * `operations.NAME` of `source.yaml`: request, answer, batch, page, as the protocol's schema has them. Empty where the
   * protocol has no operations: then `source.yaml` has none, and the root is asked by its key.
   */
  readonly asked: YamlObject;
  /** What the document does not say of this operation. */
  readonly said: readonly Said[];
}

/** A record that can be asked for by its key. The writer makes its type an entity (`@key`). */
export interface EntityDescription {
  /** Each part of the key: the parameter that asks, and the member of the record that holds the same value. */
  readonly key: readonly { readonly parameter: string; readonly member: string }[];
  /** `read` answers one key, `batch` a list of them. */
  readonly by: 'read' | 'batch';
  /** Further members of `types.T` of `source.yaml`: table and key column, where a protocol has no operations. */
  readonly source?: YamlObject | undefined;
}

/** A value that is sent with the question. */
export interface ParameterDescription {
  /** As the document names it. The writer makes the argument's name from it. */
  readonly name: string;
  /** What is in braces in `asked`: `{person}`, `{person[]}`. Letters, digits and `_`. Unique in the operation. */
  readonly placeholder: string;
  /** Where it travels: `path`, `query`, `header`, `body`, `variable`, `column`. For messages. */
  readonly in: string;
  readonly required: boolean;
  /** A leaf, or a list of leaves. */
  readonly shape: Shape;
  readonly description?: string | undefined;
  /** The steward says that it identifies a person (`--personal`). */
  readonly isPersonal?: boolean | undefined;
  readonly place: string;
}

/**
 * A value of the record. Shapes may be shared between places (compare by identity before structure), but never contain
 * themselves: a reader cuts recursion at `--depth`, and names the place.
 */
export type Shape = ObjectShape | ListShape | LeafShape | ChoiceShape | UnknownShape;

export interface ObjectShape {
  readonly kind: 'object';
  /** Name of the type in the document, or of the member that holds it. The writer makes a type's name from it. */
  readonly name: string;
  readonly description?: string | undefined;
  readonly members: readonly MemberShape[];
  /** Whether the document allows members that it does not name. */
  readonly open: boolean;
}

export interface MemberShape {
  /** As the document names it. */
  readonly name: string;
  /** Path in the record: names and indices. `@name` is an attribute of XML. */
  readonly at: readonly (string | number)[];
  readonly shape: Shape;
  readonly description?: string | undefined;
  /** Whether each record has it. */
  readonly required: boolean;
  readonly nullable: boolean;
  /** Whether a list of one comes as the item itself. */
  readonly oneOrMany?: boolean | undefined;
  readonly place: string;
}

export interface ListShape {
  readonly kind: 'list';
  readonly of: Shape;
  readonly maxItems?: number | undefined;
}

/** Bounds are as the document writes them: texts of numerals, because a double would round them. */
export interface LeafShape {
  readonly kind: 'leaf';
  readonly type: LeafType;
  /** Values that are allowed, as texts. Not the codes of a boolean. */
  readonly enum?: readonly string[] | undefined;
  /** ECMA-262, not anchored. */
  readonly pattern?: string | undefined;
  readonly minLength?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly minimum?: string | undefined;
  readonly maximum?: string | undefined;
  readonly exclusiveMinimum?: string | undefined;
  readonly exclusiveMaximum?: string | undefined;
  /**
   * How the register's form becomes the type, as the mapping writes it: `{ as: date, format: dd.MM.yyyy }`. None: the value
   * comes in the JSON form of the type, dates and instants as in RFC 3339.
   */
  readonly transform?: YamlObject | undefined;
}

/** Type of a leaf after its transform. `integer` fits 32 bits, `long` is a whole number of any size. `binary` is left out and named. */
export type LeafType = 'text' | 'integer' | 'long' | 'decimal' | 'boolean' | 'date' | 'instant' | 'binary';

/** One of several objects, told apart by a value in them. The writer makes a union. */
export interface ChoiceShape {
  readonly kind: 'choice';
  readonly name: string;
  readonly description?: string | undefined;
  /** Path in the object. */
  readonly discriminator: readonly (string | number)[];
  readonly variants: readonly { readonly value: string; readonly shape: ObjectShape }[];
}

/** Not described, or in a way that has no type. Left out, and named. */
export interface UnknownShape {
  readonly kind: 'unknown';
  /** Why, as a sentence without its full stop. */
  readonly why: string;
}

/** What can be written as YAML. */
export type YamlValue = string | number | boolean | null | readonly YamlValue[] | YamlObject;
export interface YamlObject {
  readonly [name: string]: YamlValue | undefined;
}
