import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../gateway/compose/clock.js';
import { migrationFolders } from '../gateway/compose/migration-folders.js';
import { startEmbedded } from '../gateway/state/embedded/server.js';
import { migrateAsOwner } from '../gateway/state/migrate-state.js';
import { createSql } from '../gateway/state/pool.js';
import { createRestrictionCounter } from '../gateway/state/restrictions.js';
import type { SqlExecutor } from '../schemas/ports/sql.js';
import type { NewConsent } from '../policies/consent/port.js';
import { createConsentStore } from '../policies/consent/store.js';
import type { ConsentTexts } from '../policies/consent/texts.js';
import { createPseudonyms } from '../policies/disclosure/pseudonyms.js';
import { figures, timed } from './figures.js';
import { people } from './people.js';

/**
 * How long it takes to look the consents of a person up who has one, and of a person who has thousands for the same agency,
 * purpose and case, in turns. `npm run bench:consents [-- CONSENTS]`
 */

const ROUNDS = 40;
const A_ROUND = 25;
const DAY_MS = 86_400_000;
const CATEGORIES = ['property.land', 'property.buildings', 'property.vehicles'];
const MATTER = { agency: 'housing', purpose: 'housing_queue', caseNumber: 'HQ-2026-000101' };
const WORDING = { title: 'Queue', law: 'Law' };

/** Each category has one field. */
const TEXTS: ConsentTexts = {
  of: (purpose, category) => ({ purpose, category, ...WORDING, caseRequired: true, fields: [`Citizen.${category}`] }),
  all: [],
  accepted: () => ({ wordings: [WORDING], caseRequired: true }),
};

async function main([count = '3000']: readonly string[]): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'tereze-consents-'));
  // The embedded PostgreSQL does not run as root.
  chmodSync(directory, 0o755);
  const server = await startEmbedded({ directory: join(directory, 'postgres') });
  const owner = createSql({ connection: server.owner, maxConnections: 1 });
  try {
    await migrateAsOwner(server, { migrations: migrationFolders() });
    const sql = createSql({ connection: server.runtime, maxConnections: 2 });
    const clock = systemClock({ timeZone: 'UTC' });
    const pseudonyms = createPseudonyms(Buffer.alloc(32, 1));
    const restrictions = createRestrictionCounter(clock);
    const bounds = { inForce: 10_000, newPerHour: 10_000 };
    const store = createConsentStore({ sql, pseudonyms, clock, restrictions, bounds, texts: TEXTS });
    const [one = '', many = ''] = people();
    const reads = new Map(CATEGORIES.map((category) => [category, [`Citizen.${category}`]]));
    const evidence: NewConsent['evidence'] = {
      ...{ issuer: 'bench', tokenHash: '0'.repeat(64), assurance: 'bench', requestId: 'bench' },
    };
    const validUntil = new Date(clock.now().getTime() + DAY_MS).toISOString();
    for (const subject of [one, many])
      await sql.transaction((tx) =>
        store.give(tx, { ...MATTER, subject, categories: CATEGORIES, validUntil, evidence }),
      );
    await addConsents(owner, pseudonyms.token(many), Number(count) - 1);
    const lookUp = (subject: string) => async () =>
      void (await store.states({ ...MATTER, subjects: [subject], reads }));
    await report(count, lookUp(one), lookUp(many));
    await sql.close();
  } finally {
    await owner.close();
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Adds consents like the one that this person gave, each with one more category of its own. */
async function addConsents(owner: SqlExecutor, token: string, count: number): Promise<void> {
  await owner.query(
    `INSERT INTO consent_record (consent_id, agreement_id, subject_token, case_number, categories, texts, revision, status, given_at, valid_until, changed_at)
     SELECT gen_random_uuid(), agreement_id, subject_token, case_number, categories || ARRAY['other' || n], texts || texts[1], 1, status, given_at, valid_until, changed_at
     FROM consent_record, generate_series(1, $2) AS n WHERE subject_token = $1`,
    [token, count],
  );
  await owner.query('ANALYZE');
}

async function report(count: string, one: () => Promise<void>, many: () => Promise<void>): Promise<void> {
  const taken = { one: [] as number[], many: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    taken.one.push(...(await timed(one, A_ROUND)));
    taken.many.push(...(await timed(many, A_ROUND)));
  }
  const [alone, beside] = [figures(taken.one), figures(taken.many)];
  process.stdout.write(
    `look-up: one consent p50 ${alone.p50.toFixed(2)} ms, p99 ${alone.p99.toFixed(2)} ms; ` +
      `${count} consents p50 ${beside.p50.toFixed(2)} ms, p99 ${beside.p99.toFixed(2)} ms; ` +
      `ratio of the p50 ${(beside.p50 / alone.p50).toFixed(2)}\n`,
  );
}

await main(process.argv.slice(2));
