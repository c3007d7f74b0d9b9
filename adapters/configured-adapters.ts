import { join } from 'node:path';
import type { Clock } from '../schemas/ports/clock.js';
import type { Observer } from '../schemas/ports/observer.js';
import type { RegisterConfig } from './config.js';
import type { Adapter } from './port.js';
import { resilienceOf } from './resilience/configured.js';
import { resilient } from './resilience/resilient.js';
import { readSource, SourceInvalid, type Source } from './source-file.js';

/** Registers of the catalogue that the configuration does not say how to reach. */
export class RegisterNotReached extends Error {
  constructor(registers: readonly string[]) {
    super(
      `the configuration does not say how to reach ${registers.join(', ')}: write a part of \`registers\` for each`,
    );
    this.name = 'RegisterNotReached';
  }
}

/** What every register's part of a configuration says, whoever it is reached by. */
type AnySettings = Pick<RegisterConfig, 'protocol' | 'timeout_ms' | 'max_in_flight' | 'breaker'>;

export interface ConfiguredAdaptersOptions<Settings extends AnySettings> {
  /** Folder with `<register>/source.yaml`. */
  readonly directory: string;
  /** Names of the registers that the catalogue is made of: each must be reached. */
  readonly registers: readonly string[];
  readonly config: Readonly<Record<string, Settings>>;
  readonly clock: Clock;
  readonly observer: Observer;
}

/** One register as it is configured: its mapping, and how it is reached. */
export interface ConfiguredRegister<Settings> {
  readonly register: string;
  readonly source: Source;
  readonly settings: Settings;
}

/**
 * An adapter for every register of the configuration, by name, each with its resilience around it.
 * `make` gives undefined where mapping and settings are of different protocols. Throws
 * {@link RegisterNotReached}, `SourceInvalid` for a mapping that cannot be used, and what `make` throws.
 */
export function configuredAdapters<Settings extends AnySettings>(
  { directory, registers, config, clock, observer }: ConfiguredAdaptersOptions<Settings>,
  make: (configured: ConfiguredRegister<Settings>) => Adapter | undefined,
): ReadonlyMap<string, Adapter> {
  const unreached = registers.filter((register) => !Object.hasOwn(config, register));
  if (unreached.length > 0) throw new RegisterNotReached(unreached);
  return new Map(
    Object.entries(config).map(([register, settings]) => {
      const file = join(directory, register, 'source.yaml');
      const source = readSource(file);
      const adapter = make({ register, source, settings });
      if (adapter === undefined)
        throw new SourceInvalid(
          file,
          `is of protocol ${source.protocol}, but the configuration says ${settings.protocol} for this register`,
        );
      return [register, resilient(adapter, { ...resilienceOf(settings), clock, observer })];
    }),
  );
}
