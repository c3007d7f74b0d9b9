import type { Server } from 'node:http';
import { isIPv6, type AddressInfo } from 'node:net';

export interface ListenAddress {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
}

/** A server cannot listen where it was told to. */
export class ListenFailure extends Error {
  readonly code: 'PORT_TAKEN' | 'PORT_NOT_PERMITTED' | 'ADDRESS_UNAVAILABLE';

  constructor(code: ListenFailure['code'], message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'ListenFailure';
    this.code = code;
  }
}

/**
 * Starts listening; resolves with the address as a URL (`http://127.0.0.1:4000`).
 *
 * @param setting the name of the setting that chose the port, for the message: `server.port`.
 * @throws ListenFailure when the port is taken, not permitted, or the address is not this machine's.
 */
export function listen(server: Server, address: ListenAddress, setting: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => reject(failure(error, address, setting));
    server.once('error', onError);
    server.listen(address.port, address.host, () => {
      server.off('error', onError);
      const { port } = server.address() as AddressInfo;
      resolve(`http://${isIPv6(address.host) ? `[${address.host}]` : address.host}:${port}`);
    });
  });
}

function failure(error: NodeJS.ErrnoException, { host, port }: ListenAddress, setting: string): Error {
  const known = FAILURES[error.code ?? ''];
  return known === undefined
    ? error
    : new ListenFailure(known.code, `${known.problem({ host, port })} (${setting})`, error);
}

interface KnownFailure {
  readonly code: ListenFailure['code'];
  readonly problem: (address: ListenAddress) => string;
}

const notHere: KnownFailure = {
  code: 'ADDRESS_UNAVAILABLE',
  problem: ({ host }) => `${host} is not an address of this machine`,
};

const FAILURES: Readonly<Record<string, KnownFailure>> = {
  EADDRINUSE: {
    code: 'PORT_TAKEN',
    problem: ({ host, port }) => `port ${port} on ${host} is taken by another process; end it or choose another port`,
  },
  EACCES: {
    code: 'PORT_NOT_PERMITTED',
    problem: ({ host, port }) => `port ${port} on ${host} may not be used by this user; choose one above 1023`,
  },
  EADDRNOTAVAIL: notHere,
  ENOTFOUND: notHere,
};
