import { createHttpClient } from '../compose/http-client.js';
import { anchorSigner, openPlaces } from '../compose/open-anchor.js';
import { systemRandom } from '../compose/random.js';
import { systemClock } from '../compose/clock.js';
import type { StateActPorts } from '../compose/state-acts.js';
import { readConfig } from '../config/read-config.js';
import type { Config } from '../config/schema.js';
import { readSecret } from '../../policies/secret.js';
import { survey, type SurveyedPlace } from '../state/anchor/survey.js';
import { attachEmbedded, startEmbedded } from '../state/embedded/server.js';
import { openOwnerSql } from '../state/migrate-state.js';
import { CommandFailure } from './command-failure.js';
import { configFile, type StateChoice } from './installed-state.js';
import type { Terminal } from './terminal.js';

/** The places of a configuration as they are, and the database as its owner. */
export interface OwnedState {
  readonly config: Config;
  readonly places: readonly SurveyedPlace[];
  readonly ports: StateActPorts;
}

/** Lends the places and the database to one command. The embedded server is started for it where it does not run. */
export async function withOwnedState<Result>(
  choice: StateChoice,
  terminal: Terminal,
  use: (state: OwnedState) => Promise<Result>,
): Promise<Result> {
  const config = await readConfig(configFile(choice), terminal.environment);
  if (Object.keys(config.state.anchor).length === 0)
    throw new CommandFailure(
      'failed',
      'the configuration names no place in state.anchor',
      'Without a place nothing is known of the state outside the database.',
    );
  const opened = openPlaces(config.state.anchor, { random: systemRandom, http: createHttpClient() });
  try {
    const places = await survey(opened, anchorSigner(readSecret(config.policies.secret_file)));
    return await withOwner(config, async (owner) => {
      const clock = systemClock({ timeZone: config.jurisdiction.time_zone });
      return use({ config, places, ports: { owner, clock, random: systemRandom } });
    });
  } finally {
    for (const place of opened) place.close();
  }
}

/** Lends the database as its owner. */
export async function withOwner<Result>(
  { database }: Pick<Config, 'database'>,
  use: (owner: StateActPorts['owner']) => Promise<Result>,
): Promise<Result> {
  if (database.url !== undefined && database.admin_url === undefined)
    throw new CommandFailure(
      'failed',
      'DATABASE_ADMIN_URL is not set',
      'Only the owner of the schema does this, never the runtime user.',
    );
  const running = database.url === undefined ? attachEmbedded(database.directory) : undefined;
  const started =
    database.url === undefined && running === undefined
      ? await startEmbedded({ directory: database.directory })
      : undefined;
  const owner = openOwnerSql(database.admin_url ?? (running ?? (started as NonNullable<typeof started>)).owner);
  try {
    return await use(owner);
  } finally {
    await owner.close();
    await started?.stop();
  }
}
