import { createHash } from 'node:crypto';
import type { Clock } from '../../schemas/ports/clock.js';
import type { Random } from '../../schemas/ports/random.js';
import type { Sql, SqlExecutor } from '../../schemas/ports/sql.js';
import { canonicalBytes } from '../audit/canonical.js';
import { sinkEntry, type SinkBody } from '../audit/entries.js';
import type { AuditLog } from '../audit/port.js';
import type { SinkConfig } from '../sink-config.js';

export interface RecordSinks {
  readonly sinks: Readonly<Record<string, SinkConfig>>;
  readonly sql: Sql;
  readonly log: Pick<AuditLog, 'appendChange'>;
  readonly clock: Clock;
  readonly random: Random;
}

/** What an entry says of a sink. */
type Named = Pick<SinkBody, 'sink' | 'target' | 'targetHash' | 'cases'>;

interface NamedRow {
  readonly name: string;
  readonly target: string;
  readonly target_hash: string;
  readonly cases: boolean;
  readonly is_named: boolean;
}

/**
 * Records which sinks the configuration names: one that is new, leads elsewhere or is not named any more is an entry, in one
 * transaction with what the database knows of it. Rejects with `AuditUnavailable` if an entry cannot be written: nothing is
 * sent to a sink that no entry is about. May be called again.
 */
export async function recordSinks({ sinks, sql, log, clock, random }: RecordSinks): Promise<void> {
  const known = new Map((await sql.query<NamedRow>(KNOWN)).rows.map((row) => [row.name, row]));
  const named = Object.entries(sinks).map(([name, sink]) => namedSink(name, sink));
  const changes = [
    ...named.flatMap((one) => changeTo(one, known.get(one.sink))),
    ...[...known.values()].filter(({ name, is_named: isNamed }) => isNamed && !Object.hasOwn(sinks, name)).map(removal),
  ];
  for (const { act, sink } of changes) {
    const requestId = random.uuid();
    const body = sinkEntry({ requestId, at: clock.now(), act, ...sink });
    await log
      .appendChange({
        requestId,
        apply: (tx) => (act === 'sink_removed' ? remove(tx, sink) : name(tx, sink)),
        entry: () => ({ body, beside: {} }),
      })
      .catch((error: unknown) => {
        if (!(error instanceof RecordedBefore)) throw error;
      });
  }
}

const KNOWN = 'SELECT name, target, target_hash, cases, is_named FROM audit_sink';

interface Change {
  readonly act: SinkBody['act'];
  readonly sink: Named;
}

function changeTo(sink: Named, known: NamedRow | undefined): readonly Change[] {
  if (known === undefined || !known.is_named) return [{ act: 'sink_added', sink }];
  const isSame = known.target_hash === sink.targetHash && known.cases === sink.cases;
  return isSame ? [] : [{ act: 'sink_changed', sink }];
}

function removal({ name: sink, target, target_hash: targetHash, cases }: NamedRow): Change {
  return { act: 'sink_removed', sink: { sink, target, targetHash, cases } };
}

/** Another replica recorded the same. */
class RecordedBefore extends Error {}

async function name(tx: SqlExecutor, { sink, target, targetHash, cases }: Named): Promise<void> {
  const { count } = await tx.query(
    `INSERT INTO audit_sink AS known (name, target, target_hash, cases, is_named) VALUES ($1, $2, $3, $4, true)
     ON CONFLICT (name) DO UPDATE SET target = EXCLUDED.target, target_hash = EXCLUDED.target_hash, cases = EXCLUDED.cases, is_named = true
     WHERE NOT known.is_named OR (known.target_hash, known.cases) <> (EXCLUDED.target_hash, EXCLUDED.cases)`,
    [sink, target, targetHash, cases],
  );
  if (count === 0) throw new RecordedBefore();
}

async function remove(tx: SqlExecutor, { sink }: Named): Promise<void> {
  const { count } = await tx.query('UPDATE audit_sink SET is_named = false WHERE name = $1 AND is_named', [sink]);
  if (count === 0) throw new RecordedBefore();
}

function namedSink(sink: string, config: SinkConfig): Named {
  const leads = { kind: config.kind, ...placeOf(config), tls: 'tls' in config ? (config.tls ?? null) : null };
  return {
    sink,
    target: `${config.kind} ${shownPlace(config)}`,
    targetHash: createHash('sha256').update(canonicalBytes(leads)).digest('hex'),
    cases: config.cases,
  };
}

function placeOf(config: SinkConfig): object {
  switch (config.kind) {
    case 'file':
      return { file: config.file };
    case 'https':
      return { url: config.url };
    case 'syslog':
      return { host: config.host, port: config.port };
  }
}

/** A path of an address can be a secret. */
function shownPlace(config: SinkConfig): string {
  switch (config.kind) {
    case 'file':
      return config.file;
    case 'https':
      return new URL(config.url).host;
    case 'syslog':
      return `${config.host}:${config.port}`;
  }
}
