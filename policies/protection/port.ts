/**
 * Who is protected: adopted, a witness, a victim of violence. Why somebody is on the list is not told.
 *
 * Contract: reads only, one call for many people; identifiers travel in bodies; rejects when the
 * list cannot be asked in time (nobody may then be taken for unprotected: fail closed).
 */
export interface Protection {
  /** Those of these people who are protected now. `deadline`: absolute, monotonic, milliseconds. */
  amongThem(subjects: readonly string[], deadline: number): Promise<ReadonlySet<string>>;
}
