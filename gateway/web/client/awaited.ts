/** Gives what is known under a name, or learns it: from `learn`, which is called once for each name. */
export type AskFor = <Value>(name: string, learn: () => Promise<Value>) => Value;

/** Ends a computation that needs a value which is not known yet. */
class NotKnownYet extends Error {
  readonly value: string;
  readonly learn: () => Promise<unknown>;
  constructor(value: string, learn: () => Promise<unknown>) {
    super('not known yet');
    this.value = value;
    this.learn = learn;
  }
}

/**
 * Runs a computation that takes values at once, where they only come later, as the hashes and signatures of a browser do. It is
 * run again from its beginning for each value that it still needs, so it must always ask for the same.
 */
export async function withAwaited<Result>(compute: (ask: AskFor) => Result): Promise<Result> {
  const known = new Map<string, unknown>();
  const ask: AskFor = <Value>(name: string, learn: () => Promise<Value>): Value => {
    // A name is always asked for with the same kind of value.
    if (known.has(name)) return known.get(name) as Value;
    throw new NotKnownYet(name, learn);
  };
  for (;;) {
    try {
      return compute(ask);
    } catch (missing) {
      if (!(missing instanceof NotKnownYet)) throw missing;
      known.set(missing.value, await missing.learn());
    }
  }
}
