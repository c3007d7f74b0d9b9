import type { RegisterSettings } from '../../../adapters/protocol.js';
import type { Config } from '../schema.js';

/** A configuration whose registers may speak any protocol. */
export type RuledConfig = Omit<Config, 'registers'> & {
  readonly registers: Readonly<Record<string, RegisterSettings>>;
};

/** A rule across keys. Returns what breaks it, by path; nothing if it holds. */
export type ConfigRule = (config: RuledConfig) => readonly RuleBreach[];

export interface RuleBreach {
  readonly path: readonly (string | number)[];
  readonly problem: string;
}
