/** Returns everything that `start` leads to in any number of steps, itself included. `next` is a map from one to those it leads to. */
export function reach(next, start) {
  const reached = new Set(start);
  // A set is walked in the order of its growth, so that what is added on the way is visited too.
  for (const one of reached) for (const other of next.get(one) ?? []) reached.add(other);
  return reached;
}
