import { collectGovernance } from '../../../schemas/catalogue/governance-index.js';
import { lintRegisters } from '../../../schemas/catalogue/lint/lint.js';
import type { Problem } from '../../../schemas/catalogue/lint/problem.js';
import { parseRegister, type RegisterSchema } from '../../../schemas/catalogue/register-schema.js';

/** What every register's SDL begins with: three lines. */
export const HEAD = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@external", "@requires", "@provides", "@shareable", "@inaccessible", "@interfaceObject"])
  @link(url: "https://tereze.kz/governance/v1.0", import: ["@subject", "@subjectArgument", "@category", "@derived", "@listSize", "@dwelling"])
`;

/** A person with a number, and a question for one: what a register needs at least. */
export const PERSON = `
scalar Iin
scalar PersonHandle
type Query { person(iin: Iin! @subjectArgument): Person @category(name: "r.identity") }
type Person @key(fields: "iin") @subject(field: "iin") @category(name: "r.identity") { iin: Iin! name: String }
`;

/** Registers by name, each with its SDL below the head. */
export function registers(sdls: Readonly<Record<string, string>>): readonly RegisterSchema[] {
  return Object.entries(sdls).map(([name, sdl]) =>
    parseRegister(name, sdl.includes('extend schema') ? sdl : HEAD + sdl),
  );
}

/** Every problem of one register (`r`), or of several by name. */
export function problemsIn(sdl: string | Readonly<Record<string, string>>): readonly Problem[] {
  const schemas = registers(typeof sdl === 'string' ? { r: sdl } : sdl);
  return lintRegisters(schemas, collectGovernance(schemas));
}

/** Problems of one rule, as `line: message`. */
export function found(rule: string, sdl: string | Readonly<Record<string, string>>): readonly string[] {
  return problemsIn(sdl)
    .filter((problem) => problem.rule === rule)
    .map(({ line, message }) => `${line}: ${message}`);
}
