import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import type { Adapter, FetchSelection, RegisterFailure } from '../../adapters/port.js';
import type { RegisterFailureKind } from '../../schemas/failures/register-failure.js';
import { citizens } from '../adapters/selections.js';
import { runningClock } from '../doubles.js';
import { rejection } from '../rejection.js';
import { someCalls } from '../recorded-calls.js';

/** What a hostile server sends; none of it is an answer in any protocol. */
const HOSTILITIES = {
  'another charset': {
    kind: 'malformed',
    send: (response, type) =>
      void response.writeHead(200, { 'Content-Type': `${type}; charset=windows-1251` }).end('{}'),
  },
  'a page for people': {
    kind: 'malformed',
    send: (response) => void response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end('<html>'),
  },
  'a redirect': {
    kind: 'malformed',
    send: (response) => void response.writeHead(302, { Location: '/elsewhere' }).end(),
  },
  'a decompression bomb': {
    kind: 'malformed',
    send: (response, type) =>
      void response.writeHead(200, { 'Content-Type': type, 'Content-Encoding': 'gzip' }).end(BOMB),
  },
  'no end of data': { kind: 'malformed', send: endless },
  'one byte at a time': { kind: 'timeout', send: drip },
  'half an answer': {
    kind: 'transport',
    send: (response, type) =>
      void response
        .writeHead(200, { 'Content-Type': type, 'Content-Length': 1_000 })
        .write('{', () => response.socket?.destroy()),
  },
  'no credentials wanted': {
    kind: 'denied',
    send: (response) => void response.writeHead(401, { 'WWW-Authenticate': 'Basic' }).end('who are you?'),
  },
} as const satisfies Record<
  string,
  { readonly kind: RegisterFailureKind; readonly send: (response: ServerResponse, type: string) => void }
>;

type Hostility = keyof typeof HOSTILITIES;

const BOMB = gzipSync(Buffer.alloc(10_000_000, ' '));
/** What ends by the deadline alone ends soon; what fails by itself has time enough, on a slow machine too. */
const SHORT_MS = 400;
const ENOUGH_MS = 20_000;

/** Protocols of registers that do not run this suite, and why. */
export const NOT_OVER_HTTP: Readonly<Record<string, string>> = {
  sql: 'PostgreSQL’s protocol has no redirects, media types, compression, charset of an answer or HTTP authentication; half answers, floods and slowness are in the suite of every adapter',
};

export interface HttpAdapterExpectations {
  /** Media type of the protocol's answers. */
  readonly type: string;
  readonly selection: FetchSelection;
  /** Texts that prove who the gateway is: they may stand in no error. */
  readonly secrets: readonly string[];
  /** Where the protocol finds a fault earlier than others, and says so by another kind. */
  readonly earlier?: Partial<Record<Hostility, RegisterFailureKind>>;
  /** Opens an adapter that asks for one person in one request. Absent where the protocol has one request for all. */
  readonly oneByOne?: (url: string) => Adapter;
}

/** The people that the register is asked about, in parts. */
const PEOPLE = ['880514391012', '910101300121', '920202300122', '930303300123'];

/** What every `Adapter` over HTTP promises of servers that mean no good. Registers that are no HTTP are {@link NOT_OVER_HTTP}. */
export function describeHttpAdapter(
  name: string,
  { type, selection, secrets, earlier = {}, oneByOne }: HttpAdapterExpectations,
  open: (url: string) => Adapter,
): void {
  describe(`${name} before a server that means no good`, () => {
    const clock = runningClock();
    let server: Server;
    let asked: string[];
    let hostility: Hostility;
    let adapter: Adapter;

    before(async () => {
      server = createServer((request, response) => {
        asked.push(request.url ?? '');
        request.resume();
        HOSTILITIES[hostility].send(response, type);
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      adapter = open(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    });
    beforeEach(() => {
      asked = [];
    });
    after(async () => {
      await adapter.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });

    for (const [what, { kind }] of Object.entries(HOSTILITIES) as [Hostility, { kind: RegisterFailureKind }][]) {
      const expected = earlier[what] ?? kind;
      it(`takes ${what} for ${expected}, asks nothing else, and tells no secret`, async () => {
        hostility = what;
        const call = {
          requestId: 'request-1',
          calls: someCalls(),
          groups: [{ prepared: adapter.prepare(selection), variables: {}, keys: citizens('880514391012') }],
          deadline: clock.monotonic() + (expected === 'timeout' ? SHORT_MS : ENOUGH_MS),
        };
        const failure = (await rejection(adapter.read(call))) as RegisterFailure;
        expect(failure.kind).to.equal(expected);
        expect(asked).to.have.length(1).and.not.include('/elsewhere');
        const told = JSON.stringify([failure.message, failure.cause, failure.stack]);
        for (const secret of [...secrets, '880514391012']) expect(told).to.not.include(secret);
      });
    }
  });
  if (oneByOne !== undefined) describeParts(name, { type, selection, secrets }, oneByOne);
}

/** A server that leaves every request open until the test answers it. */
class HangingServer {
  readonly open: ServerResponse[] = [];
  /** Connections that were broken off without an answer. */
  brokenOff = 0;
  readonly #server: Server;
  #onChange: () => void = () => undefined;

  constructor() {
    this.#server = createServer((request, response) => {
      request.resume();
      response.once('close', () => {
        if (!response.writableFinished) this.brokenOff += 1;
        this.#onChange();
      });
      this.open.push(response);
      this.#onChange();
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Resolves when the condition holds. */
  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#onChange = () => {
        if (holds()) resolve();
      };
      this.#onChange();
    });
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** A call that needs several requests is one call: when one fails, the register is not kept busy with the others. */
function describeParts(
  name: string,
  { type, selection }: HttpAdapterExpectations,
  openOneByOne: (url: string) => Adapter,
): void {
  describe(`${name} with a call in parts`, () => {
    const clock = runningClock();
    let server: HangingServer;
    let adapter: Adapter;
    beforeEach(async () => {
      server = new HangingServer();
      adapter = openOneByOne(await server.listen());
    });
    afterEach(async () => {
      await adapter.close();
      await server.close();
    });

    const read = (signal?: AbortSignal): Promise<unknown> =>
      rejection(
        adapter.read({
          requestId: 'request-1',
          calls: someCalls(),
          groups: [{ prepared: adapter.prepare(selection), variables: {}, keys: citizens(...PEOPLE) }],
          deadline: clock.monotonic() + 120_000,
          signal,
        }),
      );

    for (const failing of [0, 1, PEOPLE.length - 1]) {
      it(`breaks off the others when request ${failing + 1} fails, and tells of its failure`, async () => {
        const asked = read();
        await server.until(() => server.open.length === PEOPLE.length);
        server.open[failing]?.writeHead(500, { 'Content-Type': type }).end('{}');
        expect(await asked).to.include({ kind: 'failed' });
        await server.until(() => server.brokenOff === PEOPLE.length - 1);
        expect(server.open, 'requests at the register').to.have.length(PEOPLE.length);
      });
    }

    it('breaks off all of them when the caller is gone', async () => {
      const gone = new AbortController();
      const asked = read(gone.signal);
      await server.until(() => server.open.length === PEOPLE.length);
      gone.abort();
      expect(await asked).to.include({ kind: 'cancelled' });
      await server.until(() => server.brokenOff === PEOPLE.length);
    });
  });
}

function endless(response: ServerResponse, type: string): void {
  response.writeHead(200, { 'Content-Type': type });
  const chunk = ' '.repeat(65_536);
  const more = (): void => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', more);
  more();
}

function drip(response: ServerResponse, type: string): void {
  response.writeHead(200, { 'Content-Type': type });
  const timer = setInterval(() => void response.write(' '), 20);
  response.once('close', () => clearInterval(timer));
}
