/** A difference between a mapping and what the register has now. It holds names and no values. */
export interface Drift {
  /** As the mapping names it: `schema.table.column`, or the table only. */
  readonly place: string;
  readonly found: 'no_table' | 'no_column' | 'no_privilege' | 'other_type' | 'no_index';
  /** The type that the register has, where it is not that of the mapping. */
  readonly type?: string;
}
