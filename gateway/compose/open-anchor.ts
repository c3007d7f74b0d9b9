import type { Clock } from '../../schemas/ports/clock.js';
import type { HttpClient } from '../../schemas/ports/http-client.js';
import type { Observer } from '../../schemas/ports/observer.js';
import type { Random } from '../../schemas/ports/random.js';
import { deriveKey } from '../../policies/secret.js';
import type { PlaceConfig } from '../config/parts/state.js';
import type { Config } from '../config/schema.js';
import { Anchor } from '../state/anchor/anchor.js';
import { DirectoryPlace, makePlaceDirectory } from '../state/anchor/directory-place.js';
import { HttpPlace } from '../state/anchor/http-place.js';
import type { Place } from '../state/anchor/place.js';
import { createSigner, type Signer } from '../state/anchor/signed.js';

/** Longest wait of a withdrawal for a place, in milliseconds. */
const FENCE_MS = 3_000;
const KEY_USE = 'tereze/state-anchor/v1';

export interface AnchorPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly http: HttpClient;
  readonly observer: Observer;
}

/**
 * Opens the anchor of a configuration and reads its places. Resolves with undefined if it names none. Throws if a file
 * of a certificate cannot be read.
 */
export async function openAnchor(
  config: Pick<Config, 'state' | 'environment'>,
  secret: Buffer,
  ports: AnchorPorts,
): Promise<Anchor | undefined> {
  if (Object.keys(config.state.anchor).length === 0) return undefined;
  const isDemo = config.environment === 'demo';
  if (isDemo) await makeDirectories(config.state.anchor);
  const { clock, observer } = ports;
  const anchor = new Anchor({
    places: openPlaces(config.state.anchor, ports),
    signer: anchorSigner(secret),
    clock,
    observer,
    initialisesItself: isDemo,
    fenceMs: FENCE_MS,
  });
  await anchor.readPlaces();
  return anchor;
}

/** Returns what signs heads and journals. Its key is derived from the secret of the installation. */
export function anchorSigner(secret: Buffer): Signer {
  return createSigner(deriveKey(secret, KEY_USE));
}

/** Opens the places that a configuration names. Connects to nothing. */
export function openPlaces(
  places: Readonly<Record<string, PlaceConfig>>,
  { random, http }: Pick<AnchorPorts, 'random' | 'http'>,
): readonly Place[] {
  return Object.entries(places).map(([name, place]) => {
    const timeoutMs = place.timeout_ms;
    if (place.kind === 'directory')
      return new DirectoryPlace({ name, timeoutMs, directory: place.directory, writer: random.uuid() });
    const { client_certificate_file: certificateFile, client_key_file: keyFile } = place;
    return new HttpPlace({
      name,
      timeoutMs,
      http,
      url: place.url,
      bearerFile: place.bearer_file,
      tlsCaFile: place.tls_ca_file,
      client: certificateFile === undefined || keyFile === undefined ? undefined : { certificateFile, keyFile },
    });
  });
}

async function makeDirectories(places: Readonly<Record<string, PlaceConfig>>): Promise<void> {
  for (const place of Object.values(places))
    if (place.kind === 'directory') await makePlaceDirectory(place.directory).catch(() => undefined);
}
