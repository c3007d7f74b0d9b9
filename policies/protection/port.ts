/** People and dwellings that the list is asked about. */
export interface ProtectionQuestion {
  readonly subjects: readonly string[];
  /** Codes of dwellings, as a register tells them in a field named by `@dwelling`. */
  readonly dwellings: readonly string[];
}

/** Those of a question that are protected now. */
export interface ProtectionFound {
  readonly subjects: ReadonlySet<string>;
  readonly dwellings: ReadonlySet<string>;
}

/**
 * The list of protected people: adopted people, witnesses, victims of violence. The list does not say why
 * a person is on it. It also knows the dwellings that are homes of these people, by every code that a register has for them.
 *
 * Contract: reads only; one call for many people and dwellings; identifiers travel in bodies. Rejects when the list
 * cannot be asked in time (the caller must then treat everything as protected: fail closed).
 */
export interface Protection {
  /** Returns what of the question is protected now. `deadline`: absolute, monotonic, milliseconds. */
  amongThem(question: ProtectionQuestion, deadline: number): Promise<ProtectionFound>;
}
