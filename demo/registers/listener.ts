import type { Server, Socket, AddressInfo } from 'node:net';

/** A server that listens. */
export interface Listener {
  readonly port: number;
  /** Stops listening and closes every connection, asked or not. */
  close(): Promise<void>;
}

/** Another process holds the port. */
export class PortTaken extends Error {
  readonly code = 'PORT_TAKEN';
  readonly port: number;
  constructor(port: number, cause?: unknown, remedy = 'choose another base with --base-port') {
    super(`port ${port} is taken: ${remedy}`, { cause });
    this.name = 'PortTaken';
    this.port = port;
  }
}

export function isPortTaken(error: unknown): error is PortTaken {
  return (error as { code?: unknown } | undefined)?.code === 'PORT_TAKEN';
}

/** Starts to listen; `port` 0 takes a free one. Rejects with {@link PortTaken}. */
export async function listen(server: Server, host: string, port: number): Promise<Listener> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new PortTaken(port, error) : error);
    });
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of sockets) socket.destroy();
      }),
  };
}
