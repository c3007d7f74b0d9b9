import type { Config } from '../../config/schema.js';
import { readConfig } from '../../config/read-config.js';
import { systemClock } from '../../compose/clock.js';
import { CommandFailure } from '../command-failure.js';
import { configFile, type StateChoice } from '../installed-state.js';
import type { Terminal } from '../terminal.js';
import { originOf } from './login.js';
import { officersApi, type OfficersApi } from './officers-api.js';
import { readSession, sessionFile } from './session.js';

/** An officers' address, asked as the officer who signed in. */
export interface OfficersPlace {
  readonly kind: 'officers';
  readonly api: OfficersApi;
  /** The zone in which a day is meant. */
  readonly timeZone: string;
}

/** Where a command reads the log. */
export type AskedPlace = OfficersPlace | { readonly kind: 'database'; readonly config: Config };

/** What a command line says of the place. */
export interface PlaceChoice extends StateChoice {
  readonly at?: string;
}

/**
 * Resolves with where a command reads the log: the officers' address that `--at` names; that of the configuration, except in
 * the demo; or the database. In production the database is opened by no command that shows entries. Rejects with
 * `CommandFailure` if no officer is signed in at the address.
 */
export async function askedPlace(choice: PlaceChoice, terminal: Terminal): Promise<AskedPlace> {
  if (choice.at !== undefined) return officersAt(originOf(choice.at), terminal);
  const config = await readConfig(configFile(choice), terminal.environment);
  const { environment, server } = config;
  if (environment === 'demo') return { kind: 'database', config };
  if (server.audit !== undefined) return officersAt(originOf(server.audit.public_url), terminal);
  if (environment !== 'production') return { kind: 'database', config };
  throw new CommandFailure(
    'usage',
    'in production the log is read as an officer, and the configuration has no server.audit',
    'Serve officers (docs/officers.md), or name an address with --at.',
  );
}

async function officersAt(at: string, terminal: Terminal): Promise<AskedPlace> {
  const now = systemClock({ timeZone: 'UTC' }).now();
  const session = readSession(sessionFile(terminal.environment), now);
  if (session.at !== at)
    throw new CommandFailure('failed', `the session is for ${session.at}`, `Sign in with: npx tereze login --at ${at}`);
  return { kind: 'officers', api: await officersApi(session), timeZone: session.timeZone };
}
