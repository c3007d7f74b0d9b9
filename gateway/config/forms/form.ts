import type { z } from 'zod';
import type { EnvironmentValue } from '../environment-values.js';
import type { RuleBreach } from '../rules/rule.js';

/** A form that configurations have: what may stand in one, and what must hold across its keys. */
export interface ConfigForm<Read extends object> {
  readonly schema: z.ZodType<Read>;
  /** Keys that are taken from the environment where the file is silent. */
  readonly environment: readonly EnvironmentValue[];
  /** What may not stand in it for a reason that is worth saying, before its shape is looked at. */
  readonly refusals: (written: unknown) => readonly RuleBreach[];
  /** Dotted keys that hold paths; `*` matches every name. */
  readonly pathKeys: readonly string[];
  /** Checked once the shape is right. */
  readonly rules: readonly ((config: Read) => readonly RuleBreach[])[];
}
