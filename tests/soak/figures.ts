/** A whole number from the environment, for trying a soak run out on something smaller than it is meant for. */
export function sizeOf(variable: string, usual: number): number {
  const given = Number(process.env[variable] ?? usual);
  if (!Number.isInteger(given) || given < 1) throw new RangeError(`${variable} takes a whole number from 1`);
  return given;
}

/** Prints what a run saw, one figure a line: a soak run is read by a person. */
export function tell(figures: Readonly<Record<string, string | number>>): void {
  for (const [name, figure] of Object.entries(figures)) process.stdout.write(`      ${name}: ${figure}\n`);
}
