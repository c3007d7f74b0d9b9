import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';

/**
 * The plainest proxy in front of two replicas, in a process of its own: turn by turn, over kept
 * connections, and a request is sent once. Only where a replica takes no connection the other is asked. Told
 * `{ port, replicas, probeEveryMs? }`; each time it is told `report`, it reports a `ProxyReport`.
 */

export interface ProxyWork {
  readonly port: number;
  readonly replicas: readonly { readonly port: number; readonly operations: number }[];
  /** How often it asks each replica whether it is ready; without it, it only sees who takes connections. */
  readonly probeEveryMs?: number | undefined;
}

export interface ProxyReport {
  /** Requests passed on. */
  readonly passed: number;
  /** Connections to replicas that were made, and that a replica did not take. */
  readonly connected: number;
  readonly notTaken: number;
  /** Requests that were sent and got no answer, by the code of the failure: `ECONNRESET` for a reset or an end without an answer. */
  readonly lost: Readonly<Record<string, number>>;
  /** Answers of replicas that ended their connection. */
  readonly closed: number;
}

class Proxy {
  passed = 0;
  connected = 0;
  notTaken = 0;
  closed = 0;
  readonly lost: Record<string, number> = {};
  readonly #work: ProxyWork;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64, scheduling: 'fifo' });
  readonly #notReady = new Set<number>();
  #turn = 0;

  constructor(work: ProxyWork) {
    this.#work = work;
    createServer((asked, answer) => this.#take(asked, answer)).listen(work.port, '127.0.0.1', () =>
      process.send?.('ready'),
    );
    if (work.probeEveryMs !== undefined) setInterval(() => this.#probe(), work.probeEveryMs);
  }

  #probe(): void {
    for (const { port, operations } of this.#work.replicas)
      void fetch(`http://127.0.0.1:${operations}/health/ready`)
        .then(({ ok }) => ok)
        .catch(() => false)
        .then((isReady) => (isReady ? this.#notReady.delete(port) : this.#notReady.add(port)));
  }

  #take(asked: IncomingMessage, answer: ServerResponse): void {
    const chunks: Buffer[] = [];
    asked.on('data', (chunk: Buffer) => chunks.push(chunk));
    asked.once('end', () => {
      this.passed += 1;
      this.#turn += 1;
      const { replicas } = this.#work;
      const ready = replicas.filter(({ port }) => !this.#notReady.has(port));
      const [first, ...others] = (ready.length > 0 ? ready : replicas).map(({ port }) => port);
      const order = first === undefined ? [] : [first, ...others];
      const from = this.#turn % order.length;
      this.#pass(asked, Buffer.concat(chunks), answer, [...order.slice(from), ...order.slice(0, from)]);
    });
  }

  #pass(asked: IncomingMessage, body: Buffer, answer: ServerResponse, [port = 0, ...others]: readonly number[]): void {
    const { method, url, headers, socket } = asked;
    let isConnected = false;
    const passed = request({
      host: '127.0.0.1',
      port,
      agent: this.#agent,
      method,
      path: url,
      headers: { ...headers, connection: 'keep-alive', 'x-forwarded-for': socket.remoteAddress ?? '' },
    });
    passed.once('socket', (to) => {
      isConnected = !to.connecting;
      // A socket is lent many times and connects once.
      if (isConnected) return;
      to.once('connect', () => {
        isConnected = true;
        this.connected += 1;
      });
    });
    passed.once('response', (response) => {
      if (response.headers.connection === 'close') this.closed += 1;
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
      response.once('error', () => answer.destroy());
    });
    passed.once('error', (error: NodeJS.ErrnoException) => {
      if (!isConnected) {
        this.notTaken += 1;
        if (others.length > 0) return this.#pass(asked, body, answer, others);
      }
      const code = error.code ?? 'ERROR';
      this.lost[code] = (this.lost[code] ?? 0) + 1;
      if (answer.headersSent) answer.destroy();
      else answer.writeHead(502).end();
    });
    passed.end(body);
  }
}

process.once('message', (work: ProxyWork) => {
  const proxy = new Proxy(work);
  process.on('message', () => {
    const { passed, connected, notTaken, lost, closed } = proxy;
    process.send?.({ passed, connected, notTaken, lost, closed } satisfies ProxyReport);
  });
});
process.once('disconnect', () => process.exit(0));
