import { systemClock } from '../../gateway/compose/clock.js';
import { systemRandom } from '../../gateway/compose/random.js';
import { PostgresLog } from '../../monitoring/audit/append/postgres-log.js';
import { ENTRY_SCHEMA_VERSION, entrySubject, type EntryDraft } from '../../monitoring/audit/entries.js';
import type { Sql } from '../../schemas/ports/sql.js';

/** Opens the log of a replica as the gateway does, without claims and proofs. */
export function openBenchLog(sql: Sql, holder = 'bench'): Promise<PostgresLog> {
  return PostgresLog.open({
    ...{ sql, clock: systemClock({ timeZone: 'UTC' }), random: systemRandom },
    observer: { log: () => undefined, count: () => undefined, duration: () => undefined, gauge: () => undefined },
    lease: { holder, name: 'tereze', poolSize: 2, leaseMs: 60_000 },
    ...{ commitMs: 60_000, maxWaiting: 4_096, maxBatch: 200, guard: async () => [] },
  });
}

/** Returns an entry of about 1.8 kB with two people, `number` tenths of a second after the begin of a month. */
export function benchDraft(number: number): EntryDraft {
  const salts = [systemRandom.bytes(16), systemRandom.bytes(16)];
  const tokens = salts.map(() => systemRandom.bytes(16).toString('hex'));
  const at = new Date(Date.UTC(2026, 10, 1) + number * 100).toISOString();
  return {
    body: {
      ...{ schemaVersion: ENTRY_SCHEMA_VERSION, kind: 'intent', requestId: `bench-${number}`, at, surface: 'graphql' },
      ...{ purpose: 'housing_queue', case: { agency: 'housing', number: `HQ-2026-${number}` } },
      ...{ documentHash: `sha256:${'ab'.repeat(32)}`, documentName: 'HousingQueue', operationName: 'HousingQueue' },
      caller: { agency: 'housing', system: 'housing', kind: 'system', officer: null, actor: null, model: null },
      ...{ token: 'c'.repeat(64), requestInTs: number },
      reads: Array.from({ length: 8 }, (_, field) => ({
        ...{ register: 'population', coordinate: `Person.field${field}`, category: 'population.identity' },
        access: 'disclose',
      })),
      ...{ policySet: 'p1', catalogue: 'c1', configuration: 'f1' },
      subjects: salts.map((salt, place) =>
        entrySubject({ identifier: `${number}-${place}`, token: tokens[place] ?? '', salt }),
      ),
    },
    beside: { subjectTokens: tokens, subjectSalts: salts.map((salt) => salt.toString('hex')) },
  };
}

/** Appends entries of {@link benchDraft} to a log that has none. */
export async function fillLog(sql: Sql, entries: number): Promise<void> {
  const log = await openBenchLog(sql);
  for (let from = 0; from < entries; from += 1_000)
    await Promise.all(
      Array.from({ length: Math.min(1_000, entries - from) }, (_, at) => log.append(benchDraft(from + at))),
    );
  await log.close();
}
