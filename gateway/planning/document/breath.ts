/** Lets everybody else have a turn between two steps of a long piece of work. */
export type Breath = () => Promise<void>;

/** Fields and fragments from which on a document is made ready in steps; smaller ones are done sooner than one step of it. */
const LARGE = 300;

/** Undefined for a document that needs none. */
export function breathFor(fields: number): Breath | undefined {
  return fields < LARGE ? undefined : () => new Promise((resolve) => setImmediate(resolve));
}
