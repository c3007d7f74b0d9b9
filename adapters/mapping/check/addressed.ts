import type { DocumentPath } from '../../../schemas/bounded-yaml.js';

/** A value that requests put into an address: into a path, a query or a header. */
export interface AddressedValue {
  /** Where the operation is written. */
  readonly at: DocumentPath;
  readonly operation: string;
  readonly placeholder: string;
  /** What the value is: a field of the key of a type, or an argument of a field, a member of it by a dotted name. */
  readonly value:
    | { readonly kind: 'key'; readonly type: string; readonly field: string }
    /** `type` is undefined for a root field. */
    | {
        readonly kind: 'argument';
        readonly type: string | undefined;
        readonly field: string;
        readonly argument: string;
      };
}
