import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../compose/clock.js';
import { readConfig } from '../config/read-config.js';
import type { Config } from '../config/schema.js';
import { stateOptionsOf } from '../compose/state-options.js';
import { attachState, type State } from '../state/open.js';
import { StateFailure } from '../state/state-failure.js';
import type { StateOptions } from '../state/state-options.js';
import { CommandFailure } from './command-failure.js';
import type { Terminal } from './terminal.js';

export interface StateChoice {
  readonly config?: string | undefined;
}

/** The configuration that a command means: the one named, else `tereze.yaml`, else the demo's. */
export function configFile({ config }: StateChoice): string {
  if (config !== undefined) return config;
  const demo = join('.tereze', 'demo', 'tereze.yaml');
  return !existsSync('tereze.yaml') && existsSync(demo) ? demo : 'tereze.yaml';
}

/** Where the state of a configuration is. */
export function stateOptions(config: Config): StateOptions {
  const { time_zone: timeZone, fact_date: factDate } = config.jurisdiction;
  return stateOptionsOf(config, systemClock({ timeZone, factDate }));
}

/** Opens the state beside a running gateway for one command. */
export async function withState<Result>(
  choice: StateChoice,
  terminal: Terminal,
  use: (state: State) => Promise<Result>,
): Promise<Result> {
  const config = await readConfig(configFile(choice), terminal.environment);
  const state = await attachState(stateOptions(config)).catch(asCommandFailure);
  try {
    return await use(state);
  } finally {
    await state.close();
  }
}

/** A failure of the state with its hint, as commands report it. */
export function asCommandFailure(error: unknown): never {
  if (error instanceof StateFailure) throw new CommandFailure('failed', error.message, error.hint);
  throw error;
}
