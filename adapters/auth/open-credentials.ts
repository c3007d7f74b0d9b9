import type { Clock } from '../../schemas/ports/clock.js';
import type { HttpClient, HttpConnections } from '../../schemas/ports/http-client.js';
import type { Observer } from '../../schemas/ports/observer.js';
import type { Random } from '../../schemas/ports/random.js';
import { readSecret } from '../protocol.js';
import { bearerFileCredentials } from './bearer-file.js';
import { basicHeader, fixedCredentials, NO_CREDENTIALS } from './fixed.js';
import { oauth2Credentials } from './oauth2.js';
import type { Credentials } from './port.js';
import type { AuthSettings } from './settings.js';
import { readTls } from '../../schemas/tls/read-tls.js';
import type { TlsSettings } from '../../schemas/tls/settings.js';
import { createTokenServer } from './token-server.js';

/** What an adapter over HTTP is made from, as far as connections and credentials are concerned. */
export interface ConnectionPorts {
  readonly register: string;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly observer: Observer;
}

/** The settings of a register that decide how it is connected to. */
export interface HttpRegisterSettings {
  readonly auth?: AuthSettings | undefined;
  readonly tls?: TlsSettings | undefined;
  readonly max_in_flight: number;
  readonly timeout_ms: number;
}

export interface RegisterConnections {
  readonly connections: HttpConnections;
  readonly credentials: Credentials;
}

/**
 * Opens the connections to a register and what proves to it who the gateway is. Connects to nothing. Closing the
 * connections closes those to a token server as well. Throws if a file of the settings cannot be used; the message holds
 * no secret.
 */
export function openConnections(settings: HttpRegisterSettings, ports: ConnectionPorts): RegisterConnections {
  const credentials = openCredentials(settings, ports);
  const { send, close } = ports.http.open({ maxConnections: settings.max_in_flight, ...readTls(settings.tls) });
  return {
    credentials,
    connections: {
      send,
      close: () => {
        credentials.close();
        close();
      },
    },
  };
}

/** Connections to a token server: tokens are fetched one at a time. */
const TOKEN_CONNECTIONS = 1;

function openCredentials({ auth, timeout_ms: timeoutMs }: HttpRegisterSettings, ports: ConnectionPorts): Credentials {
  const { register, http, clock, random, observer } = ports;
  switch (auth?.type) {
    case undefined:
    case 'none':
      return NO_CREDENTIALS;
    case 'basic':
      return fixedCredentials({
        headers: { Authorization: basicHeader(auth.user, readSecret(auth.password_file)) },
      });
    case 'api_key': {
      const key = readSecret(auth.key_file);
      return fixedCredentials(
        auth.query === undefined
          ? { headers: { [auth.header ?? '']: key } }
          : { headers: {}, query: { name: auth.query, value: key } },
      );
    }
    case 'bearer_file':
      return bearerFileCredentials({ register, file: auth.token_file, clock, observer });
    case 'oauth2': {
      const connections = http.open({ maxConnections: TOKEN_CONNECTIONS, ...readTls(auth.tls) });
      const server = createTokenServer({ settings: auth, connections, clock, random, timeoutMs });
      return oauth2Credentials({ register, server, clock, close: () => connections.close() });
    }
  }
}
