import type { Finding } from '../ports/quality.js';

/**
 * What Tereze reads of a contract, by the Open Data Contract Standard v3.0.0 to v3.1.0. A number that a double rounds is
 * the text of its numeral. Where the versions differ, or leave a shape open, the type is `unknown`.
 */
export interface Contract {
  readonly apiVersion: string;
  readonly kind: string;
  readonly id: string;
  readonly name?: string;
  readonly version: string;
  readonly status: string;
  readonly schema?: readonly ContractObject[];
  readonly slaProperties?: readonly { readonly property: string }[];
}

/** A type of the register. */
export interface ContractObject {
  readonly name: string;
  readonly logicalType?: string;
  readonly properties?: readonly ContractProperty[];
  readonly quality?: readonly QualityRule[];
  readonly relationships?: readonly unknown[];
}

/** `decimal` is ours: a `number` that is not thought of as binary. */
export type LogicalType =
  'string' | 'date' | 'timestamp' | 'time' | 'integer' | 'number' | 'decimal' | 'boolean' | 'object' | 'array';

/** What the standard says of a field, of a member of an object and of the items of a list. */
export interface ContractElement {
  readonly logicalType?: LogicalType;
  readonly logicalTypeOptions?: Readonly<Record<string, unknown>>;
  readonly required?: boolean;
  readonly unique?: boolean;
  readonly primaryKey?: boolean;
  readonly criticalDataElement?: boolean;
  readonly examples?: readonly unknown[];
  readonly quality?: readonly QualityRule[];
  readonly relationships?: readonly unknown[];
  readonly properties?: readonly ContractProperty[];
  readonly items?: ContractElement;
}

export interface ContractProperty extends ContractElement {
  readonly name: string;
}

/** A rule of `quality`. */
export interface QualityRule {
  readonly id?: unknown;
  /** `library` if it is not said. */
  readonly type?: 'text' | 'library' | 'sql' | 'custom';
  readonly metric?: unknown;
  /** What `metric` was called in v3.0. */
  readonly rule?: unknown;
  readonly arguments?: unknown;
  readonly mustBe?: unknown;
  readonly engine?: string;
  readonly implementation?: unknown;
  readonly dimension?: Dimension;
  /** Free text by the standard. */
  readonly severity?: string;
}

export type Severity = Finding['severity'];
export type Dimension = Finding['dimension'];
