import type { Command } from 'commander';
import { exportJWK } from 'jose';
import * as oidc from 'openid-client';
import { z } from 'zod';
import { readConfig } from '../../config/read-config.js';
import { RESOURCE_METADATA_PATH } from '../../officers/resource-metadata.js';
import { discover, failureText } from '../client/access.js';
import { CommandFailure } from '../command-failure.js';
import { systemClock } from '../../compose/clock.js';
import { configFile } from '../installed-state.js';
import type { Terminal } from '../terminal.js';
import { openCallback } from './callback.js';
import { keepSession, sessionFile, type OfficerSession } from './session.js';

interface LoginOptions {
  readonly at?: string;
  readonly config?: string;
  readonly client?: string;
  readonly port: string;
  readonly wait: string;
  readonly json?: boolean;
}

/** `tereze login`: an officer signs in at the issuer, and `tereze audit` asks as that officer from then on. */
export function addLogin(program: Command, terminal: Terminal): void {
  program
    .command('login')
    .option('--at <address>', 'where officers are served, such as https://audit.example.kz')
    .option('--config <file>', 'the configuration that names this address, instead of --at')
    .option('--client <id>', 'the client to sign in through, if the address names none')
    .option('--port <port>', 'the port of this machine that the browser comes back to; 0: any that is free', '0')
    .option('--wait <seconds>', 'how long to wait for the browser', '300')
    .option('--json', 'print the session as JSON, without its secrets')
    .addHelpText(
      'after',
      '\nThe session is kept in the file that TEREZE_SESSION names, or in ~/.config/tereze/session.json.\n\nExample:\n  npx tereze login --at http://127.0.0.1:4125\n',
    )
    .action((options: LoginOptions) => login(options, terminal));
}

async function login(options: LoginOptions, terminal: Terminal): Promise<void> {
  const port = numberOf('--port', options.port, 65_535);
  const waitMs = numberOf('--wait', options.wait, 3_600) * 1_000;
  const at = options.at === undefined ? await configuredAddress(options, terminal) : originOf(options.at);
  const metadata = await readMetadata(at);
  const clientId = options.client ?? metadata.tereze_cli_client;
  if (clientId === null)
    throw new CommandFailure('usage', `${at} names no client for the command line: name one with --client`);
  const session = await signIn({ at, metadata, clientId, port, waitMs }, terminal);
  const file = sessionFile(terminal.environment);
  keepSession(file, session);
  const { subject, until } = session;
  terminal.print(
    options.json
      ? `${JSON.stringify({ at, subject, until, file })}\n`
      : `Signed in at ${at} as ${subject} until ${until}.\nThe session is kept in ${file}. \`tereze logout\` ends it.\n`,
  );
}

/** Returns where the configuration has officers served. */
async function configuredAddress(options: LoginOptions, terminal: Terminal): Promise<string> {
  const { server } = await readConfig(configFile(options), terminal.environment);
  if (server.audit !== undefined) return originOf(server.audit.public_url);
  throw new CommandFailure(
    'usage',
    'the configuration has no server.audit: officers are not served',
    'Name another with --at.',
  );
}

/** Returns the origin of an officers' address. Over http it is on this machine only. */
export function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isOrigin = url !== undefined && url.href === `${url.origin}/`;
  if (!isOrigin || !['http:', 'https:'].includes(url.protocol))
    throw new CommandFailure('usage', '--at takes an origin, such as https://audit.example.kz');
  if (url.protocol === 'http:' && !['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname))
    throw new CommandFailure('usage', '--at takes https, except on this machine');
  return url.origin;
}

const metadataSchema = z.object({
  resource: z.string().min(1),
  authorization_servers: z.array(z.url()).min(1),
  tereze_cli_client: z.string().min(1).nullable().default(null),
  tereze_time_zone: z.string().min(1),
});
type Metadata = z.output<typeof metadataSchema>;

/** Resolves with what the address says about signing in (RFC 9728). Another address cannot have a token made for this one. */
async function readMetadata(at: string): Promise<Metadata> {
  const response = await fetch(new URL(RESOURCE_METADATA_PATH, at), { redirect: 'error' }).catch((error: unknown) => {
    throw new CommandFailure('failed', `${at} cannot be reached (${failureText(error)})`, 'Does it serve officers?');
  });
  const read = metadataSchema.safeParse(await response.json().catch(() => undefined));
  if (!response.ok || !read.success) throw new CommandFailure('failed', `${at} does not say where officers sign in`);
  const { resource } = read.data;
  if (URL.canParse(resource) && new URL(resource).origin !== at)
    throw new CommandFailure('failed', `${at} names the resource of another address: nothing is sent to it`);
  return read.data;
}

interface SigningIn {
  readonly at: string;
  readonly metadata: Metadata;
  readonly clientId: string;
  readonly port: number;
  readonly waitMs: number;
}

/**
 * Authorization code with PKCE (RFC 7636), bound to a key of this session from the authorization request on (RFC 9449,
 * section 10). The person signs in in a browser; nothing of that passes here.
 */
async function signIn(
  { at, metadata, clientId, port, waitMs }: SigningIn,
  terminal: Terminal,
): Promise<OfficerSession> {
  const {
    resource,
    authorization_servers: [issuer = ''],
    tereze_time_zone: timeZone,
  } = metadata;
  const configuration = await discover({ issuer, clientId, privateKey: undefined });
  const key = await oidc.randomDPoPKeyPair('ES256', { extractable: true });
  const proof = oidc.getDPoPHandle(configuration, key);
  const verifier = oidc.randomPKCECodeVerifier();
  const state = oidc.randomState();
  const callback = await openCallback({ port, state, waitMs });
  try {
    const start = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: callback.redirectUri,
      scope: 'openid',
      state,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      dpop_jkt: await proof.calculateThumbprint(),
      prompt: 'login',
      resource,
    });
    terminal.warn(`Open this address in a browser and sign in:\n\n  ${start.href}\n\n`);
    const arrived = await callback.arrived;
    const answer = await oidc
      .authorizationCodeGrant(
        configuration,
        arrived,
        { pkceCodeVerifier: verifier, expectedState: state },
        { resource },
        { DPoP: proof },
      )
      .catch((error: unknown) => {
        throw new CommandFailure('failed', `the issuer signed no one in (${failureText(error)})`);
      });
    const now = systemClock({ timeZone }).now().getTime();
    return {
      ...{ at, issuer, clientId, timeZone, token: answer.access_token },
      subject: answer.claims()?.sub ?? 'unknown',
      key: { ...(await exportJWK(key.privateKey)) },
      publicKey: { ...(await exportJWK(key.publicKey)) },
      until: new Date(now + (answer.expires_in ?? 0) * 1_000).toISOString(),
      endSession: configuration.serverMetadata().end_session_endpoint ?? null,
    };
  } finally {
    callback.close();
  }
}

function numberOf(option: string, text: string, most: number): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= most) return Number(text);
  throw new CommandFailure('usage', `${option} takes a number up to ${most}`);
}
