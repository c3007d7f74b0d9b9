/** Options of `tereze register new`, as the command line gives them. */
export interface NewOptions {
  readonly from: string;
  readonly operation: readonly string[];
  readonly example: readonly string[];
  readonly import: readonly string[];
  readonly personal: readonly string[];
  readonly constant: readonly string[];
  readonly reads: readonly string[];
  readonly depth: string;
  readonly databaseUrlFile?: string;
  readonly xroad?: string;
  readonly config?: string;
  readonly registers: string;
  readonly json?: boolean;
}
