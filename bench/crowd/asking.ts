import { createHash, createPrivateKey, randomUUID } from 'node:crypto';
import { request, type Agent } from 'node:http';
import { signedJwt, type Party } from './issuer.js';

/** How one request ended. */
export interface Outcome {
  /** HTTP status, or the code of the socket's failure. */
  readonly ended: number | string;
  readonly text: string;
  /** What `Retry-After` says, in seconds. */
  readonly retryAfterS?: number;
}

export interface Target {
  readonly port: number;
  /** Address from which the connection is made. */
  readonly from: string;
  readonly agent: Agent;
}

/** Makes a caller with a token, who signs a proof for each request (RFC 9449). */
export function asker(party: Party, port: number): (body: string, target: Target) => Promise<Outcome> {
  const key = createPrivateKey({ key: party.key as never, format: 'jwk' });
  const header = { typ: 'dpop+jwt', alg: 'ES256', jwk: party.publicKey };
  const ath = createHash('sha256').update(party.token).digest('base64url');
  const htu = `http://127.0.0.1:${port}/graphql`;
  return (body, target) => {
    const iat = Math.floor(Date.now() / 1000);
    const proof = signedJwt(header, { jti: randomUUID(), htm: 'POST', htu, iat, ath }, key);
    return send(body, { authorization: `DPoP ${party.token}`, dpop: proof }, target);
  };
}

function send(body: string, headers: Record<string, string>, { port, from, agent }: Target): Promise<Outcome> {
  return new Promise((resolve) => {
    const asked = request({
      host: '127.0.0.1',
      port,
      localAddress: from,
      agent,
      method: 'POST',
      path: '/graphql',
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers },
      timeout: 15_000,
    });
    asked.once('timeout', () => asked.destroy(Object.assign(new Error('timeout'), { code: 'TIMEOUT' })));
    asked.once('error', (error: NodeJS.ErrnoException) => resolve({ ended: error.code ?? 'ERROR', text: '' }));
    asked.once('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      const retryAfter = response.headers['retry-after'];
      const retry = retryAfter === undefined ? {} : { retryAfterS: Number(retryAfter) };
      response.once('end', () => resolve({ ended: response.statusCode ?? 0, text, ...retry }));
      response.once('error', (error: NodeJS.ErrnoException) => resolve({ ended: error.code ?? 'ERROR', text }));
    });
    asked.end(body);
  });
}
