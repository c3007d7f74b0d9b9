import { readFileSync, writeFileSync } from 'node:fs';
import { Option, type Command } from 'commander';
import { createMetadataClient, type MetadataClient } from '../../adapters/xroad/metadata/metadata-client.js';
import {
  MetadataFailure,
  type Parts,
  type XroadClientEntry,
  type XroadServiceEntry,
} from '../../adapters/xroad/metadata/description.js';
import { createHttpClient } from '../compose/http-client.js';
import { systemRandom } from '../compose/random.js';
import { readConfig } from '../config/read-config.js';
import { CommandFailure } from './command-failure.js';
import { configFile } from './installed-state.js';
import type { Terminal } from './terminal.js';

interface XroadOptions {
  readonly register?: string;
  readonly config?: string;
  readonly server?: string;
  readonly client?: string;
  readonly tlsCaFile?: string;
  readonly tlsCertFile?: string;
  readonly tlsKeyFile?: string;
  readonly json?: boolean;
}

const TIMEOUT_MS = 10_000;
const MAX_RESPONSE_BYTES = 16_000_000;

/** `tereze xroad`: what the members of X-Road offer, asked of our own security server. */
export function addXroad(program: Command, terminal: Terminal): void {
  const xroad = program.command('xroad');
  command(xroad, 'list-clients', 'List the members and subsystems of an instance.')
    .option('--instance <code>', 'the instance; our own if it is left out')
    .addHelpText('after', '\nExample:\n  npx tereze xroad list-clients --register business\n')
    .action((options: XroadOptions & { readonly instance?: string }) =>
      ask(options, terminal, async (client) =>
        printClients(await client.listClients(options.instance), options, terminal),
      ),
    );
  addMethods(xroad, terminal, 'list-methods', 'List the services of a subsystem.');
  addMethods(xroad, terminal, 'allowed-methods', 'List the services of a subsystem that we may call.');
  addDescription(xroad, terminal, 'get-openapi', 'OpenAPI document of a REST service', ({ client, provider, code }) =>
    client.getOpenApi(provider, code),
  );
  addDescription(xroad, terminal, 'get-wsdl', 'WSDL of a SOAP service', ({ client, provider, code, version }) =>
    client.getWsdl(provider, code, version),
  );
}

/** Where the security server is, and who we are there: a register's settings, or options. */
function command(xroad: Command, name: string, description: string): Command {
  return xroad
    .command(name)
    .description(description)
    .option(
      '--register <name>',
      'a register of the configuration behind X-Road: its security server and our identifier',
    )
    .option('--config <file>', 'the configuration')
    .option('--server <url>', 'our security server, instead of --register')
    .option('--client <id>', 'our identifier: instance/member class/member code/subsystem')
    .option('--tls-ca-file <file>', 'the authority (PEM) of the security server')
    .option('--tls-cert-file <file>', 'the certificate (PEM) that we show')
    .option('--tls-key-file <file>', 'its private key (PEM)')
    .option('--json', 'print JSON');
}

function addMethods(xroad: Command, terminal: Terminal, name: string, description: string): void {
  const which = name === 'list-methods' ? 'listMethods' : 'allowedMethods';
  command(xroad, name, description)
    .argument('<provider>', 'instance/member class/member code/subsystem')
    .addOption(new Option('--rest', 'services over REST only').conflicts('soap'))
    .addOption(new Option('--soap', 'services over SOAP only'))
    .addHelpText('after', `\nExample:\n  npx tereze xroad ${name} KZ/GOV/990140090002/business --register business\n`)
    .action((id: string, options: XroadOptions & { readonly rest?: boolean; readonly soap?: boolean }) =>
      ask(options, terminal, async (client) => {
        const provider = partsOf(id, 4, 4, 'instance/member class/member code/subsystem');
        const lists = await Promise.all([
          ...(options.soap ? [] : [client.listRestMethods(provider, which)]),
          ...(options.rest ? [] : [client.listSoapMethods(provider, which)]),
        ]);
        printServices(lists.flat(), options, terminal);
      }),
    );
}

interface Fetched {
  readonly client: MetadataClient;
  readonly provider: Parts;
  readonly code: string;
  readonly version: string | undefined;
}

function addDescription(
  xroad: Command,
  terminal: Terminal,
  name: string,
  what: string,
  fetch: (of: Fetched) => Promise<Buffer>,
): void {
  command(xroad, name, `Fetch the ${what}. \`tereze register new\` reads it.`)
    .argument('<service>', 'instance/member class/member code/subsystem/service, with /version if it has one')
    .option('--output <file>', 'write it to a file instead of printing it')
    .addHelpText(
      'after',
      `\nExample:\n  npx tereze xroad ${name} KZ/GOV/990140090002/business/persons --register business --output persons\n`,
    )
    .action((id: string, options: XroadOptions & { readonly output?: string }) =>
      ask(options, terminal, async (client) => {
        const parts = partsOf(
          id,
          5,
          6,
          'instance/member class/member code/subsystem/service, with /version if it has one',
        );
        const document = await fetch({ client, provider: parts.slice(0, 4), code: parts[4] ?? '', version: parts[5] });
        if (options.output !== undefined) {
          writeFileSync(options.output, document);
          return terminal.print(
            options.json
              ? `${JSON.stringify({ file: options.output, bytes: document.length })}\n`
              : `${options.output}: ${document.length} bytes\n`,
          );
        }
        const text = document.toString('utf8');
        terminal.print(options.json ? `${JSON.stringify({ document: text })}\n` : withoutControls(text));
      }),
    );
}

async function ask(
  options: XroadOptions,
  terminal: Terminal,
  use: (client: MetadataClient) => Promise<void>,
): Promise<void> {
  const { url, client, tlsCa, tlsClient } = await whereOf(options, terminal);
  const connections = createHttpClient().open({ maxConnections: 2, tlsCa, tlsClient });
  try {
    await use(
      createMetadataClient({
        ...{ connections, url, client: client.split('/'), random: systemRandom },
        ...{ timeoutMs: TIMEOUT_MS, maxResponseBytes: MAX_RESPONSE_BYTES },
      }),
    );
  } catch (error) {
    if (error instanceof MetadataFailure) throw new CommandFailure('failed', error.message);
    throw error;
  } finally {
    connections.close();
  }
}

interface Where {
  readonly url: string;
  readonly client: string;
  readonly tlsCa: string | undefined;
  readonly tlsClient: { readonly certificate: string; readonly key: string } | undefined;
}

async function whereOf(options: XroadOptions, { environment }: Terminal): Promise<Where> {
  const { server, client, register, tlsCaFile, tlsCertFile, tlsKeyFile } = options;
  if (server !== undefined) {
    if (register !== undefined || client === undefined || !/^https?:\/\/[^/?#]+\/?$/.test(server))
      throw new CommandFailure(
        'usage',
        'write --server with an address without a path, and --client with our identifier, or --register alone',
      );
    partsOf(client, 3, 4, 'instance/member class/member code/subsystem');
    return { url: server, client, tlsCa: pem(tlsCaFile), tlsClient: tlsClientOf(tlsCertFile, tlsKeyFile) };
  }
  const { registers } = await readConfig(configFile(options), environment);
  const behind = Object.entries(registers).flatMap(([name, one]) => (one.protocol === 'xroad' ? [{ name, one }] : []));
  const found =
    register === undefined && behind.length === 1 ? behind[0] : behind.find(({ name }) => name === register);
  if (found === undefined)
    throw new CommandFailure(
      'usage',
      register === undefined ? 'say which security server to ask' : `no register "${register}" is behind X-Road`,
      `Write --register ${behind.map(({ name }) => name).join(' | ') || 'NAME'}, or --server and --client.`,
    );
  const { url, client: own, ...tls } = found.one;
  return { url, client: own, ...tlsOf(tls) };
}

/** Returns what the settings of a register say of TLS. */
function tlsOf({ tls_ca_file: caFile, tls = {} }: TlsSettings): Pick<Where, 'tlsCa' | 'tlsClient'> {
  return { tlsCa: pem(tls.ca_file ?? caFile), tlsClient: tlsClientOf(tls.cert_file, tls.key_file) };
}

interface TlsSettings {
  readonly tls_ca_file?: string | undefined;
  readonly tls?: { readonly [Name in 'ca_file' | 'cert_file' | 'key_file']?: string | undefined } | undefined;
}

function tlsClientOf(certificate: string | undefined, key: string | undefined): Where['tlsClient'] {
  if (certificate === undefined && key === undefined) return undefined;
  if (certificate === undefined || key === undefined)
    throw new CommandFailure('usage', 'a certificate needs its key: write --tls-cert-file and --tls-key-file');
  return { certificate: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') };
}

function pem(file: string | undefined): string | undefined {
  return file === undefined ? undefined : readFileSync(file, 'utf8');
}

function partsOf(id: string, least: number, most: number, form: string): Parts {
  const parts = id.split('/');
  if (parts.length < least || parts.length > most || !parts.every(isPart))
    throw new CommandFailure('usage', `"${withoutControls(id)}" is no identifier: write ${form}`);
  return parts;
}

/** X-Road refuses these characters in identifiers, because a path cannot hold them unambiguously (UG-SS section 2.1). */
function isPart(part: string): boolean {
  return /^[^\p{Cc}:;\\%]+$/u.test(part) && part !== '.' && part !== '..';
}

function printClients(clients: readonly XroadClientEntry[], { json }: XroadOptions, terminal: Terminal): void {
  if (json) return terminal.print(`${JSON.stringify({ clients })}\n`);
  for (const { id, name } of clients)
    terminal.print(withoutControls(name === undefined ? `${id}\n` : `${id.padEnd(48)}  ${name}\n`));
}

function printServices(services: readonly XroadServiceEntry[], { json }: XroadOptions, terminal: Terminal): void {
  if (json) return terminal.print(`${JSON.stringify({ services })}\n`);
  for (const { id, type, endpoints } of services) {
    terminal.print(withoutControls(`${type.padEnd(8)} ${id}\n`));
    for (const { method, path } of endpoints)
      terminal.print(withoutControls(`           ${method.padEnd(6)} ${path}\n`));
  }
}

/** Leaves out what could steer a terminal. */
function withoutControls(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, '');
}
