/**
 * Counts the characters that methods of texts look at while `work` runs. Unlike a time it is the same on every machine.
 * Nothing else may run beside it.
 */
export async function stepsOf(work: () => Promise<unknown>): Promise<number> {
  let steps = 0;
  const { charCodeAt, indexOf, slice, replaceAll } = String.prototype;
  const methods = { charCodeAt, indexOf, slice, replaceAll };
  String.prototype.charCodeAt = function (at) {
    steps += 1;
    return charCodeAt.call(this, at);
  };
  String.prototype.indexOf = function (search, from = 0) {
    const found = indexOf.call(this, search, from);
    steps += (found < 0 ? this.length : found) - from + 1;
    return found;
  };
  String.prototype.replaceAll = function (this: string, ...args: [never, never]) {
    steps += this.length;
    return replaceAll.apply(this, args);
  };
  try {
    await work();
  } finally {
    Object.assign(String.prototype, methods);
  }
  return steps;
}
