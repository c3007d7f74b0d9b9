import type { Certificate } from 'pkijs';
import type { Clock } from '../../../schemas/ports/clock.js';
import type { HttpConnections } from '../../../schemas/ports/http-client.js';
import type { Random } from '../../../schemas/ports/random.js';
import {
  AnchorFailure,
  type Anchor,
  type AnchorFault,
  type CheckedProof,
  type CheckpointToProve,
  type SignedCheckpoint,
} from '../anchor.js';
import { mediaTypeOf, postOutside } from '../post.js';
import { checkTimeStamp, type ExpectedTimeStamp } from './check-token.js';
import { nonceInteger, timeStampRequest } from './request.js';

export interface TimestampAnchorOptions {
  readonly name: string;
  readonly url: URL;
  /** An authority of these must have issued the signer's certificate. */
  readonly authorities: readonly Certificate[];
  /** OID of the policy that a time stamp must name. Undefined: any. */
  readonly policy: string | undefined;
  /** Limit of one request, in milliseconds. */
  readonly timeoutMs: number;
  readonly connections: HttpConnections;
  readonly random: Random;
  readonly clock: Clock;
}

const NONCE_BYTES = 16;
/** How far the authority's clock may be from ours, in milliseconds. */
const TOLERANCE_MS = 300_000;

/**
 * Time stamps of an authority (RFC 3161, over HTTP as in section 3.4). The proof is its answer as it came, over the
 * bytes of the signed checkpoint, so that `openssl ts -verify -data CHECKPOINT -in PROOF -CAfile AUTHORITIES` accepts it.
 */
export class TimestampAnchor implements Anchor {
  readonly kind = 'timestamp';
  readonly name: string;
  readonly #options: TimestampAnchorOptions;

  constructor(options: TimestampAnchorOptions) {
    this.name = options.name;
    this.#options = options;
  }

  async prove({ note }: CheckpointToProve): Promise<Uint8Array> {
    const { url, policy, timeoutMs, connections, random, clock } = this.#options;
    const data = Buffer.from(note, 'utf8');
    const nonce = random.bytes(NONCE_BYTES);
    const response = await postOutside(connections, {
      url,
      type: 'application/timestamp-query',
      accept: 'application/timestamp-reply',
      body: timeStampRequest({ data, nonce, policy }),
      timeoutMs,
    });
    if (response.status !== 200) throw new AnchorFailure('refused');
    if (mediaTypeOf(response) !== 'application/timestamp-reply') throw new AnchorFailure('malformed');
    const checked = await checkTimeStamp(response.body, this.#expected(data, nonceInteger(nonce)));
    if (typeof checked === 'string') throw new AnchorFailure(checked);
    if (Math.abs(checked.provenAt.getTime() - clock.now().getTime()) > TOLERANCE_MS) throw new AnchorFailure('time');
    return response.body;
  }

  async check({ note }: SignedCheckpoint, proof: Uint8Array): Promise<CheckedProof | AnchorFault> {
    const checked = await checkTimeStamp(proof, this.#expected(Buffer.from(note, 'utf8'), undefined));
    return checked === 'refused' ? 'malformed' : checked;
  }

  close(): void {
    this.#options.connections.close();
  }

  #expected(data: Uint8Array, nonce: ExpectedTimeStamp['nonce']): ExpectedTimeStamp {
    const { policy, authorities } = this.#options;
    return { data, nonce, policy, authorities };
  }
}
