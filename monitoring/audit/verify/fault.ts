import type { Difference } from '../beside/differences.js';

/** What can be wrong with a log. `docs/verify.md` says what each means. */
export type FaultKind =
  | 'entry_missing'
  | 'entry_repeated'
  | 'entry_unreadable'
  | 'leaf'
  | Difference['kind']
  | 'beyond_head'
  | 'head'
  | 'tile'
  | 'growth'
  | 'checkpoint'
  | 'closed'
  | 'tile_file'
  | 'bundle_file'
  | 'anchor';

/** The first fault of a log. */
export interface Fault {
  readonly kind: FaultKind;
  /** Position of the entry, or the size of the tree that is wrong. */
  readonly index: number;
  /** What is wrong, for a person. Names no person and no value. */
  readonly text: string;
}

/** Ends the verification of one log. */
export class FaultFound extends Error {
  readonly fault: Fault;
  constructor(kind: FaultKind, index: number, text: string) {
    super(text);
    this.name = 'FaultFound';
    this.fault = { kind, index, text };
  }
}
