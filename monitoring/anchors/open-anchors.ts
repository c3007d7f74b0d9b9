import { readFileSync } from 'node:fs';
import type { Certificate } from 'pkijs';
import type { Clock } from '../../schemas/ports/clock.js';
import { codeOf } from '../../schemas/error-code.js';
import type { HttpClient, HttpConnections } from '../../schemas/ports/http-client.js';
import type { Observer } from '../../schemas/ports/observer.js';
import type { Random } from '../../schemas/ports/random.js';
import { mapAll } from '../../schemas/problems.js';
import { namedAnchors, type NamedAnchor } from '../anchor-config.js';
import { AnchorFileFailure, saysRewritten, type Anchor } from './anchor.js';
import { TimestampAnchor } from './timestamp/timestamp-anchor.js';
import { trustedAuthorities } from './timestamp/trusted-authorities.js';
import { parseWitnessPolicy, type WitnessPolicy } from './witness/policy.js';
import { WitnessAnchor } from './witness/witness-anchor.js';

export interface AnchorPorts {
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly observer: Observer;
}

/** An anchor of the configuration. */
export interface OpenAnchor {
  readonly anchor: Anchor;
  /** Least time between two proofs of one log, in milliseconds. */
  readonly everyMs: number;
  /** False for one that is retired: its proofs are checked, and it is asked for no more. */
  readonly isAsked: boolean;
}

/** What a configuration says, with its files read. */
type AnchorFiles = { readonly tlsCa: string | undefined } & (
  | { readonly kind: 'timestamp'; readonly authorities: readonly Certificate[] }
  | { readonly kind: 'witness'; readonly policy: WitnessPolicy }
);

/** Opens the anchors that `audit.anchor` names. Connects to nothing. Throws {@link AnchorFileFailure}. */
export function openAnchors(
  config: Parameters<typeof namedAnchors>[0],
  { http, ...ports }: AnchorPorts,
): readonly OpenAnchor[] {
  const read = readAnchorFiles(config);
  return read.map(({ name, named, files }) => ({
    anchor: openOne(
      { name, named, files },
      { ...ports, connections: http.open({ maxConnections: 4, tlsCa: files.tlsCa }) },
    ),
    everyMs: named.every_s * 1_000,
    isAsked: !named.retired,
  }));
}

/** An anchor as the configuration names it, with its files read. */
interface ReadAnchor {
  readonly name: string;
  readonly named: NamedAnchor;
  readonly files: AnchorFiles;
}

/** Returns the anchors that `audit.anchor` names, with their files read. Throws {@link AnchorFileFailure} if one cannot be used. */
export function readAnchorFiles(config: Parameters<typeof namedAnchors>[0]): readonly ReadAnchor[] {
  return mapAll(namedAnchors(config), ([name, named]) => ({ name, named, files: readFiles(named) }));
}

function openOne(
  { name, named, files }: ReadAnchor,
  { observer, ...ports }: Omit<AnchorPorts, 'http'> & { readonly connections: HttpConnections },
): Anchor {
  const options = { name, timeoutMs: named.timeout_ms, ...ports };
  if (named.kind === 'timestamp' && files.kind === 'timestamp')
    return new TimestampAnchor({
      ...options,
      url: new URL(named.url),
      policy: named.policy,
      authorities: files.authorities,
    });
  if (files.kind === 'witness')
    return new WitnessAnchor({
      ...options,
      policy: files.policy,
      onWitnessFailed: (witness, reason) =>
        observer.log(saysRewritten(reason) ? 'error' : 'warn', 'audit_witness_failed', {
          anchor: name,
          witness,
          reason,
        }),
    });
  throw new TypeError('an anchor with the files of another kind');
}

function readFiles(named: NamedAnchor): AnchorFiles {
  const tlsCa = named.tls_ca_file === undefined ? undefined : readText(named.tls_ca_file);
  if (named.kind === 'timestamp') {
    const authorities = trustedAuthorities(readText(named.authorities_file), named.authorities_file);
    return { kind: 'timestamp', tlsCa, authorities };
  }
  const policy = parseWitnessPolicy(readText(named.policy_file), named.policy_file);
  if (!named.retired && !policy.isQuorum(new Set(policy.witnesses.flatMap(({ name, url }) => (url ? [name] : [])))))
    throw new AnchorFileFailure(`${named.policy_file}: the witnesses with an address are not enough for the quorum`);
  return { kind: 'witness', tlsCa, policy };
}

function readText(file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch (cause) {
    throw new AnchorFileFailure(`${file} cannot be read (${codeOf(cause) ?? 'not UTF-8'})`, cause);
  }
}
