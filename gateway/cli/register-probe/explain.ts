import { compareAnswers, type RecordDifference } from '../../../adapters/diagnosis/compare-answers.js';
import type { RegisterSettings } from '../../../adapters/protocol.js';
import { PROTOCOLS } from '../../../adapters/protocols.js';
import type { RegisterSchema } from '../../../schemas/catalogue/register-schema.js';
import { isObject, ownMember } from '../../../schemas/objects.js';
import { readCertificates, type ShownCertificate } from '../../probe/certificates.js';
import type { ProbeResult } from '../../probe/probe-register.js';
import type { ProbeSelection } from '../../probe/probe-selection.js';
import type { Exchange, WatchedHttp } from '../../probe/watched-http.js';

/** A register and what is asked of it. */
export interface ProbedRegister {
  readonly name: string;
  readonly settings: RegisterSettings;
  readonly person: string;
  readonly selection: ProbeSelection;
  readonly schema: RegisterSchema;
}

/** A probe, with what stands behind it if that was asked for. It holds no value and no filled address. */
export interface ExplainedProbe extends ProbeResult {
  /** Where the register is. */
  readonly address?: string;
  /** Messages over HTTP, those to a token server too. */
  readonly exchanges?: readonly Exchange[];
  /** The certificates that the server shows, its own first. */
  readonly certificates?: readonly ShownCertificate[];
  /** How the record differs from the mapping. Absent if no record came, or the protocol has no mapping. */
  readonly record?: RecordDifference;
  /** What is not as it should be and fails no step: tables that differ from the mapping, a hash that is not verified. */
  readonly warnings?: readonly string[];
}

/** Adds to a probe what was sent, which certificates the server shows, and how the record differs from the mapping. */
export async function explain(
  result: ProbeResult,
  { settings, person, selection: { type, key } }: ProbedRegister,
  source: unknown,
  { exchanges, bodies }: WatchedHttp,
): Promise<ExplainedProbe> {
  const location = PROTOCOLS.find(({ name }) => name === settings.protocol)?.locationOf(settings);
  const certificates = location?.isEncrypted ? await certificatesOf(location.address, settings) : [];
  const record = compareAnswers(source, { type, key, person }, bodies);
  return {
    ...result,
    ...(location === undefined ? {} : { address: location.address }),
    exchanges,
    certificates,
    ...(record === undefined ? {} : { record }),
  };
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'https:': 443, 'postgresql:': 5432 };

function certificatesOf(address: string, settings: RegisterSettings): Promise<readonly ShownCertificate[]> {
  // The address of a database has no scheme.
  const { hostname, port, protocol } = new URL(address.includes('://') ? address : `postgresql://${address}`);
  const tls = 'tls' in settings && isObject(settings.tls) ? ownMember(settings.tls, 'server_name') : undefined;
  return readCertificates(
    {
      host: hostname.replace(/^\[(.*)\]$/, '$1'),
      port: port === '' ? (DEFAULT_PORTS[protocol] ?? 443) : Number(port),
      serverName: typeof tls === 'string' ? tls : undefined,
      isPostgres: protocol === 'postgresql:',
    },
    settings.timeout_ms,
  );
}
