import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { portOf, PORT_OFFSETS, type PortName } from './ports.js';
import { isPortTaken, PortTaken } from './registers/listener.js';
import { startCountry, type CountryOptions, type RunningCountry } from './start.js';
import { firstTaken } from './taken-ports.js';
import { outliveOutput, Signals } from '../gateway/signals.js';
import { assertDirectoryFree } from '../gateway/state/embedded/directory-lock.js';
import { StateFailure } from '../gateway/state/state-failure.js';

type ProcessOptions = CountryOptions & {
  readonly host: string;
  readonly gateway: { readonly port: number };
};

/**
 * The country as a process: `--directory DIR --base-port N [--host 127.0.0.1] [--gateway-port N]
 * [--audience URL]`. It says that it is ready by a message to its parent, or by a line of JSON where
 * there is none, and ends at the signals in `gateway/signals.ts`, or when its parent is
 * gone.
 */
async function main(): Promise<void> {
  outliveOutput();
  const signals = new Signals('country');
  const left = new Promise<void>((resolve) => process.once('disconnect', resolve));
  const options = readOptions();
  await assertNothingTaken(options);
  const country = await startCountry(options);
  signals.serve();
  announce(country);
  await Promise.race([signals.toldToEnd, left]);
  await country.stop();
}

/**
 * Says at once what is taken, before databases are started for nothing. A directory that is in use explains more
 * than its ports. What is taken between this and its use is found when it is used.
 */
async function assertNothingTaken({ directory, ports, host, gateway }: ProcessOptions): Promise<void> {
  const own = Object.keys(PORT_OFFSETS).map((name) => portOf(ports, name as PortName));
  const taken = await firstTaken(host, [...own, gateway.port]);
  if (taken === undefined) return;
  assertDirectoryFree(join(directory, 'property'));
  throw taken === gateway.port
    ? new PortTaken(taken, undefined, 'choose another port for the gateway with PORT')
    : new PortTaken(taken);
}

function readOptions(): ProcessOptions {
  const { values } = parseArgs({
    options: {
      directory: { type: 'string', default: '.tereze' },
      'base-port': { type: 'string', default: '4100' },
      host: { type: 'string', default: '127.0.0.1' },
      'gateway-port': { type: 'string', default: '4000' },
      audience: { type: 'string' },
    },
  });
  return {
    directory: join(values.directory, 'demo'),
    ports: port('--base-port', values['base-port']),
    host: values.host,
    gateway: {
      port: port('--gateway-port', values['gateway-port']),
      stateDirectory: join(values.directory, 'postgres'),
    },
    ...(values.audience === undefined ? {} : { audience: values.audience }),
  };
}

function port(option: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0 && number < 65_500) return number;
  throw new RangeError(`${option} takes a port number`);
}

function announce({ config, addresses, showcase }: RunningCountry): void {
  const message = { type: 'ready', config, addresses, showcase };
  if (process.send === undefined) process.stdout.write(`${JSON.stringify(message)}\n`);
  else if (process.connected) process.send(message);
}

function explain(error: unknown): string {
  if (error instanceof StateFailure) return `${error.message}. ${error.hint ?? ''}`.trim();
  if (isPortTaken(error) || error instanceof RangeError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

try {
  await main();
  process.exit(0);
} catch (error) {
  process.stderr.write(`tereze demo: ${explain(error)}\n`);
  process.exit(1);
}
