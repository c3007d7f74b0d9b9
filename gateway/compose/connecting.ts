import type { TLSSocket } from 'node:tls';
import { buildConnector } from 'undici';

type Connector = buildConnector.connector;

/** What the connections to one origin have shown so far. It explains why a request got no answer. */
export class Connecting {
  #open = 0;
  #wantsCertificate = false;
  #hasAnswered = false;

  /** Whether there is a connection. A request that had none waited for one to be made. */
  get isConnected(): boolean {
    return this.#open > 0;
  }

  /**
   * Whether the server asks for a client certificate and never answered a request. In TLS 1.3 a client learns only after
   * the handshake that its certificate is refused, and some servers close the connection without saying why.
   */
  get seemsToRefuseCertificate(): boolean {
    return this.#wantsCertificate && !this.#hasAnswered;
  }

  answered(): void {
    this.#hasAnswered = true;
  }

  /** Returns a connector that takes note of its connections. */
  connector(options: buildConnector.BuildOptions): Connector {
    const connect = buildConnector(options);
    return (target, done) =>
      connect(target, (...made) => {
        const [error, socket] = made;
        if (error === null && socket !== null) this.#note(socket);
        done(...made);
      });
  }

  #note(socket: Exclude<Parameters<Parameters<Connector>[1]>[1], null>): void {
    this.#open += 1;
    // A server that refuses a certificate in TLS 1.3 sends an alert and ends the connection (RFC 8446, section 4.4.2.4).
    // `undici` would report the end. Destroyed at the alert, the connection ends with it.
    socket.once('error', () => socket.destroy());
    socket.once('close', () => {
      this.#open -= 1;
    });
    if ('getSharedSigalgs' in socket) this.#wantsCertificate = asksForCertificate(socket);
  }
}

/** A server names its signature algorithms to a client only where it asks for a certificate (RFC 8446, section 4.3.2). */
function asksForCertificate(socket: TLSSocket): boolean {
  return socket.getSharedSigalgs().length > 0;
}
