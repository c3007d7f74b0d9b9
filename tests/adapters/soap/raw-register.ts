import { createServer, type AddressInfo } from 'node:net';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registersConfig } from '../../../adapters/config.js';
import { openAdapters } from '../../../adapters/open-adapters.js';
import type { Adapter, FetchSelection, OnBehalfOf, RegisterAnswer } from '../../../adapters/port.js';
import { createHttpClient } from '../../../gateway/compose/http-client.js';
import type { Clock } from '../../../schemas/ports/clock.js';
import type { Random } from '../../../schemas/ports/random.js';
import { runningClock, seededRandom, silentObserver } from '../../doubles.js';
import { someCalls } from '../../recorded-calls.js';

/** A request as the listener got it. */
export interface RawRequest {
  readonly head: string;
  readonly body: string;
}

/** A listener that answers every request with these bytes. */
export interface RawRegister {
  readonly url: string;
  readonly requests: RawRequest[];
  close(): Promise<void>;
}

export async function rawRegister(answer: (request: RawRequest) => Buffer | string): Promise<RawRegister> {
  const requests: RawRequest[] = [];
  const server = createServer((socket) => {
    let got = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      got = Buffer.concat([got, chunk]);
      const end = got.indexOf('\r\n\r\n');
      const head = end < 0 ? '' : got.subarray(0, end).toString('latin1');
      const length = Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0);
      if (end < 0 || got.length < end + 4 + length) return;
      const request = { head, body: got.subarray(end + 4, end + 4 + length).toString('utf8') };
      got = got.subarray(end + 4 + length);
      requests.push(request);
      socket.end(answer(request));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/service`,
    requests,
    close: async () => {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** An HTTP response of this body. */
export function response(body: string | Buffer, { status = '200 OK', type = 'text/xml; charset=utf-8' } = {}): Buffer {
  const bytes = Buffer.from(body);
  const head = `HTTP/1.1 ${status}\r\nContent-Type: ${type}\r\nContent-Length: ${bytes.length}\r\nConnection: close\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), bytes]);
}

export interface Reading {
  /** `source.yaml`. */
  readonly source: string;
  /** Settings, in addition to protocol and url. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Contents of files that settings name by `file:NAME`. */
  readonly files?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  readonly random?: Random;
}

/** Runs `use` with the adapter that a gateway would open for this mapping and these settings. */
export async function withAdapter<Result>(
  url: string,
  { source, settings = {}, files = {}, clock = runningClock(), random = seededRandom() }: Reading,
  use: (adapter: Adapter) => Promise<Result>,
): Promise<Result> {
  const directory = mkdtempSync(join(tmpdir(), 'tereze-soap-'));
  mkdirSync(join(directory, 'register'));
  writeFileSync(join(directory, 'register', 'source.yaml'), source);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  const named = JSON.parse(JSON.stringify(settings), (_, value: unknown) =>
    typeof value === 'string' && value.startsWith('file:') ? join(directory, value.slice('file:'.length)) : value,
  ) as typeof settings;
  const adapters = openAdapters({
    directory,
    registers: [],
    config: registersConfig.parse({ register: { protocol: 'soap', url, ...named } }),
    http: createHttpClient(),
    clock,
    random,
    observer: silentObserver(),
  });
  try {
    const adapter = adapters.byRegister.get('register');
    if (adapter === undefined) throw new TypeError('there is no adapter');
    return await use(adapter);
  } finally {
    await adapters.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

export interface AskedRead {
  readonly keys?: readonly Readonly<Record<string, unknown>>[];
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly onBehalfOf?: OnBehalfOf;
  readonly clock?: Clock;
}

/** Reads one selection, for these keys. */
export async function readSelection(
  adapter: Adapter,
  selection: FetchSelection,
  { keys, variables = {}, onBehalfOf, clock = runningClock() }: AskedRead = {},
): Promise<RegisterAnswer> {
  const answer = await adapter.read({
    requestId: 'request-1',
    calls: someCalls(),
    groups: [{ prepared: adapter.prepare(selection), variables, ...(keys && { keys }) }],
    deadline: clock.monotonic() + 5_000,
    ...(onBehalfOf && { onBehalfOf }),
  });
  return JSON.parse(JSON.stringify(answer)) as RegisterAnswer;
}
