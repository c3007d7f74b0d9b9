/** What detection looks at of an entry: its columns, and the index tokens of its people. */
export interface FollowedEntry {
  /** Name of the log, `tereze/0`. */
  readonly log: string;
  readonly index: number;
  /** Time of the entry, in milliseconds of the epoch. */
  readonly at: number;
  readonly kind: string;
  readonly outcome: string | null;
  readonly code: string | null;
  readonly agency: string | null;
  readonly system: string | null;
  readonly officer: string | null;
  readonly purpose: string | null;
  readonly caseNumber: string | null;
  /** Name of the trusted document, else the hash of the text. */
  readonly document: string | null;
  readonly registers: readonly string[];
  readonly categories: readonly string[];
  readonly people: readonly FollowedPerson[];
}

export interface FollowedPerson {
  /** Position in the `subjects` of the entry. */
  readonly position: number;
  /** Index token, hex. */
  readonly token: string;
}
