import { lstatSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { codeOf } from '../../../schemas/error-code.js';
import { writeDurably } from '../../state/durable-file.js';
import { CommandFailure } from '../command-failure.js';

const jwk = z.record(z.string(), z.unknown());

const sessionSchema = z.strictObject({
  version: z.literal(1),
  at: z.url(),
  subject: z.string(),
  issuer: z.url(),
  clientId: z.string(),
  token: z.string(),
  /** Private key that the token is bound to. */
  key: jwk,
  publicKey: jwk,
  until: z.iso.datetime(),
  timeZone: z.string(),
  endSession: z.url().nullable(),
});

/** An officer who is signed in at an officers' address: the token, and the key that it is bound to. */
export type OfficerSession = Omit<z.output<typeof sessionSchema>, 'version'>;

/** Returns where the session is kept: `TEREZE_SESSION`, else in the user's folder for configuration. */
export function sessionFile(environment: NodeJS.ProcessEnv): string {
  const { TEREZE_SESSION: chosen, XDG_CONFIG_HOME: folder = join(homedir(), '.config') } = environment;
  return chosen === undefined || chosen === '' ? join(folder, 'tereze', 'session.json') : chosen;
}

/** Keeps a session instead of the one before, with mode 0600. Throws `CommandFailure` if it cannot be written. */
export function keepSession(file: string, session: OfficerSession): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeDurably(file, `${JSON.stringify({ version: 1, ...session })}\n`, 0o600);
  } catch (error) {
    throw new CommandFailure('failed', `the session cannot be kept in ${file}: ${codeOf(error) ?? 'unknown'}`);
  }
}

/**
 * Returns the session that is kept. Throws `CommandFailure` if there is none, if others can read it, if it is damaged, or
 * if it has ended at this time.
 */
export function readSession(file: string, now: Date): OfficerSession {
  const { version: _version, ...session } = parsed(file);
  void _version;
  if (Date.parse(session.until) <= now.getTime())
    throw new CommandFailure('failed', `the session ended at ${session.until}`, signIn(session.at));
  return session;
}

/** Removes the session that is kept, and returns it; undefined if there was none that can be read. */
export function removeSession(file: string): OfficerSession | undefined {
  let session: OfficerSession | undefined;
  try {
    session = parsed(file);
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
  }
  rmSync(file, { force: true });
  return session;
}

function parsed(file: string): z.output<typeof sessionSchema> {
  const text = privateText(file);
  const read = sessionSchema.safeParse(jsonOf(text));
  if (read.success) return read.data;
  throw new CommandFailure('failed', `${file} is no session of this version`, signIn());
}

function privateText(file: string): string {
  try {
    const { mode } = lstatSync(file);
    if ((mode & 0o077) !== 0)
      throw new CommandFailure('failed', `others can read ${file}`, 'Sign out (tereze logout), and sign in again.');
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    if (codeOf(error) === 'ENOENT') throw new CommandFailure('failed', 'no one is signed in here', signIn());
    throw new CommandFailure('failed', `${file} cannot be read: ${codeOf(error) ?? 'unknown'}`);
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function signIn(at = 'ADDRESS'): string {
  return `Sign in with: npx tereze login --at ${at}`;
}
