import type { GateAnswer, GateQuestion } from '../../schemas/ports/gate.js';

/** Returns the dwellings of a question that are no home of a protected person. `homes`: those that are. */
export function visibleDwellings(
  { dwellings }: GateQuestion,
  homes: ReadonlySet<string>,
): Pick<GateAnswer, 'visibleDwellings'> {
  if (dwellings === undefined) return {};
  return { visibleDwellings: new Set(dwellings.filter((code) => !homes.has(code))) };
}
