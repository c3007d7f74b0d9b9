import type { Command } from 'commander';
import { createLog } from '../../monitoring/log.js';
import { createMetrics } from '../../monitoring/metrics.js';
import { createObserver } from '../../monitoring/observer.js';
import type { LogLevel } from '../../schemas/ports/observer.js';
import { startGateway, type Gateway, type GatewayOverrides } from '../compose/app.js';
import type { ServerConfig } from '../config/parts/server.js';
import { systemClock } from '../compose/clock.js';
import { systemRandom } from '../compose/random.js';
import { isWorker, leaveFirst, reportReady, startWorkers, leftByFirst } from '../compose/workers.js';
import { UNGOVERNED } from '../config/forms/ungoverned.js';
import { readConfig, readConfigAs } from '../config/read-config.js';
import { startUngoverned, startUngovernedConfig } from '../compose/ungoverned.js';
import { Signals } from '../signals.js';
import { CommandFailure } from './command-failure.js';
import type { Terminal } from './terminal.js';

/** The configuration that is used when none is named. */
export const DEFAULT_CONFIG = 'tereze.yaml';

interface ServeOptions {
  readonly config?: string;
  readonly supergraph?: string;
  readonly port?: string;
  readonly ungoverned?: boolean;
  readonly json?: boolean;
}

const UNGOVERNED_WARNING =
  'UNGOVERNED: identity, policy, consent, audit log and quality are switched off. For conformance and measurement only; never with anyone’s data.\n';

/** `tereze serve`: the gateway, until it is told to end. */
export function addServe(program: Command, terminal: Terminal): void {
  program
    .command('serve')
    .option('--config <file>', `the configuration (default: "${DEFAULT_CONFIG}")`)
    .option(
      '--supergraph <file>',
      'a plain supergraph of GraphQL services instead of a configuration; only with --ungoverned',
    )
    .option('--port <number>', 'port on loopback, with --supergraph')
    .option(
      '--ungoverned',
      'switch identity, policy, consent, audit log and quality off, on loopback; with --config, one that governs nothing',
    )
    .option('--json', 'print the addresses as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  npx tereze serve --config .tereze/demo/tereze.yaml\n  npx tereze serve --config bench/registers.yaml --ungoverned\n  npx tereze serve --supergraph supergraph.graphql --port 4000 --ungoverned\n',
    )
    .action(async (options: ServeOptions) => {
      if (isWorker()) return work(options, terminal);
      const signals = new Signals('serve');
      const gateway = await start(options, terminal);
      signals.serve(reloading(gateway, options, terminal));
      const { url, operationsUrl, logUrl } = gateway;
      terminal.print(
        options.json
          ? `${JSON.stringify({ url, operationsUrl, logUrl })}\n`
          : `Tereze answers at ${url}/graphql; health and metrics at ${operationsUrl}${logUrl === undefined ? '' : `; the audit log at ${logUrl}`}\n`,
      );
      await signals.toldToEnd;
      await gateway.stop();
    });
}

/** Returns what reads again what the configuration names. Where nothing is governed it takes a restart. */
function reloading(gateway: Gateway, { config, ungoverned }: ServeOptions, { environment }: Terminal): () => void {
  if (ungoverned) return () => undefined;
  return () => void gateway.reload?.(() => readConfig(config ?? DEFAULT_CONFIG, environment));
}

/** One of several processes: the first one prints and is told. */
async function work(options: ServeOptions, terminal: Terminal): Promise<void> {
  const signals = new Signals('worker');
  const metrics = createMetrics();
  const gateway = await start(options, { ...terminal, warn: () => undefined }, { metrics });
  signals.serve();
  const left = leftByFirst(reloading(gateway, options, terminal));
  reportReady(gateway, metrics.registry);
  await Promise.race([signals.toldToEnd, left]);
  await gateway.stop();
  leaveFirst();
}

/** A configured gateway: in this process, or in as many as it says. */
async function configured<Read extends { readonly server: ServerConfig }>(
  read: Read,
  startOne: (read: Read, overrides: GatewayOverrides) => Promise<Gateway>,
  level: LogLevel,
  overrides: GatewayOverrides,
): Promise<Gateway> {
  if (read.server.workers === 1) return startOne(read, overrides);
  if (!isWorker())
    return startWorkers({
      server: read.server,
      clock: systemClock({ timeZone: 'UTC', factDate: undefined }),
      random: systemRandom,
      observer: createObserver(createLog(level), createMetrics()),
    });
  // The operations' address is the first process's; this one's own is any, and no one is told.
  return startOne({ ...read, server: { ...read.server, operations: { host: LOOPBACK, port: 0 } } }, overrides);
}

const LOOPBACK = '127.0.0.1';

async function start(
  { config, supergraph, port, ungoverned }: ServeOptions,
  terminal: Terminal,
  overrides: GatewayOverrides = {},
): Promise<Gateway> {
  if (supergraph === undefined) {
    if (port !== undefined)
      throw new CommandFailure(
        'usage',
        '--port goes with --supergraph',
        'The port of a configured gateway is server.port, or PORT in the environment.',
      );
    if (ungoverned !== true) {
      const read = await readConfig(config ?? DEFAULT_CONFIG, terminal.environment);
      const { contracts } = terminal;
      return configured(read, startGateway, read.telemetry.log_level, { contracts, ...overrides });
    }
    if (config === undefined)
      throw new CommandFailure('usage', '--ungoverned needs --config FILE or --supergraph FILE');
    const read = await readConfigAs(UNGOVERNED, config, terminal.environment);
    terminal.warn(UNGOVERNED_WARNING);
    return configured(read, startUngovernedConfig, read.telemetry.log_level, overrides);
  }
  if (ungoverned !== true)
    throw new CommandFailure(
      'usage',
      'a plain supergraph has no categories, so nothing in it can be governed',
      'Say --ungoverned, or compose registers and serve them with --config.',
    );
  if (config !== undefined) throw new CommandFailure('usage', '--supergraph and --config exclude each other');
  if (port === undefined || !/^[0-9]{1,5}$/.test(port) || Number(port) > 65_535)
    throw new CommandFailure('usage', '--supergraph needs --port, a number from 0 to 65535');
  terminal.warn(UNGOVERNED_WARNING);
  return startUngoverned({ supergraph, port: Number(port) });
}
