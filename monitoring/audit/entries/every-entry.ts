/** Version of the entries that this program writes. Readers accept this version and all before it. */
export const ENTRY_SCHEMA_VERSION = 4;

/** Fields of every entry. A field that every entry shall have is added here and in `commonFields`, and nowhere else. */
export interface CommonFields<Kind extends string> {
  readonly schemaVersion: typeof ENTRY_SCHEMA_VERSION;
  readonly kind: Kind;
  readonly requestId: string;
  /** Real time, ISO 8601 with milliseconds, UTC. */
  readonly at: string;
}

/** What the builder of any entry is given. */
export interface CommonFacts {
  readonly requestId: string;
  /** Real time now. */
  readonly at: Date;
}

/** What the builder of an entry that is about no known caller is given: the common facts, and the fields of the kind. */
export type EntryFacts<Body extends CommonFields<string>> = CommonFacts & Omit<Body, keyof CommonFields<string>>;

/** Returns the fields that every entry has. */
export function commonFields<Kind extends string>(kind: Kind, { requestId, at }: CommonFacts): CommonFields<Kind> {
  return { schemaVersion: ENTRY_SCHEMA_VERSION, kind, requestId, at: at.toISOString() };
}
