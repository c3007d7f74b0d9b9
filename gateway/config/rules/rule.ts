import type { Config } from '../schema.js';

/** A rule across keys. Returns what breaks it, by path; nothing when it holds. */
export type ConfigRule = (config: Config) => readonly RuleBreach[];

export interface RuleBreach {
  readonly path: readonly (string | number)[];
  readonly problem: string;
}
