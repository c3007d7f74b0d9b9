import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isPortTaken } from './registers/listener.js';
import { startCountry, type CountryOptions, type RunningCountry } from './start.js';
import { outliveOutput, Signals } from '../gateway/signals.js';
import { StateFailure } from '../gateway/state/state-failure.js';

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
  const country = await startCountry(readOptions());
  signals.serve();
  announce(country);
  await Promise.race([signals.toldToEnd, left]);
  await country.stop();
}

function readOptions(): CountryOptions {
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
