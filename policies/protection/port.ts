/**
 * The list of protected people: adopted people, witnesses, victims of violence. The list does not say why
 * a person is on it.
 *
 * Contract: reads only; one call for many people; identifiers travel in bodies. Rejects when the list
 * cannot be asked in time (the caller must then treat every person as protected: fail closed).
 */
export interface Protection {
  /** Returns the people among these who are protected now. `deadline`: absolute, monotonic, milliseconds. */
  amongThem(subjects: readonly string[], deadline: number): Promise<ReadonlySet<string>>;
}
