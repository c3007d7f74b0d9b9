import type { SqlExecutor } from '../../schemas/ports/sql.js';
import type { Counted, Opening } from './counted.js';
import type { CountedBefore, DetectionStore, GroupCount, Raised } from './store.js';

/** What detection keeps, in the tables `audit_detection_*` and `audit_alert`, within one transaction. */
export class PostgresStore implements DetectionStore {
  readonly #tx: SqlExecutor;

  constructor(tx: SqlExecutor) {
    this.#tx = tx;
  }

  async open(openings: readonly Opening[], keys: readonly string[]): Promise<readonly Opening[]> {
    if (openings.length > 0)
      await this.#tx.query(
        `INSERT INTO audit_detection_opening (key, at, until, purpose, document, categories)
         SELECT o.key, o.at, o.until, o.purpose, o.document, ARRAY(SELECT jsonb_array_elements_text(o.categories))
         FROM unnest($1::bytea[], $2::timestamptz[], $3::timestamptz[], $4::text[], $5::text[], $6::jsonb[])
           AS o (key, at, until, purpose, document, categories)`,
        [
          openings.map(({ key }) => bytesOf(key)),
          openings.map(({ at }) => isoOf(at)),
          openings.map(({ until }) => isoOf(until)),
          openings.map(({ purpose }) => purpose),
          openings.map(({ document }) => document),
          openings.map(({ categories }) => JSON.stringify(categories)),
        ],
      );
    if (keys.length === 0) return [];
    const { rows } = await this.#tx.query<OpeningRow>(
      `SELECT DISTINCT encode(key, 'hex') AS key, at, until, purpose, document, categories
       FROM audit_detection_opening WHERE key = ANY ($1::bytea[])`,
      [keys.map(bytesOf)],
    );
    return rows.map(({ at, until, ...row }) => ({ ...row, at: Date.parse(at), until: Date.parse(until) }));
  }

  async count(members: readonly Counted[]): Promise<CountedBefore> {
    const untilOf = new Map(members.map(({ memberKey, window }) => [memberKey, window.until]));
    const keys = [...untilOf.keys()];
    const added = await this.#tx.query<{ key: string }>(
      `INSERT INTO audit_detection_member (key, until) SELECT * FROM unnest($1::bytea[], $2::timestamptz[])
       ON CONFLICT (key) DO NOTHING RETURNING encode(key, 'hex') AS key`,
      [keys.map(bytesOf), keys.map((key) => isoOf(untilOf.get(key) ?? 0))],
    );
    const groups = [...new Set(members.map(({ windowKey }) => windowKey))];
    const { rows } = await this.#tx.query<{ key: string; members: number }>(
      `SELECT encode(key, 'hex') AS key, members FROM audit_detection_group WHERE key = ANY ($1::bytea[])`,
      [groups.map(bytesOf)],
    );
    return {
      added: new Set(added.rows.map(({ key }) => key)),
      members: new Map(rows.map((row) => [row.key, row.members])),
    };
  }

  async keep(groups: readonly GroupCount[]): Promise<void> {
    if (groups.length === 0) return;
    await this.#tx.query(
      `INSERT INTO audit_detection_group (key, members, until) SELECT * FROM unnest($1::bytea[], $2::int[], $3::timestamptz[])
       ON CONFLICT (key) DO UPDATE SET members = EXCLUDED.members`,
      [
        groups.map(({ key }) => bytesOf(key)),
        groups.map(({ members }) => members),
        groups.map(({ until }) => isoOf(until)),
      ],
    );
  }

  async raise(raised: readonly Raised[]): Promise<number> {
    let fresh = 0;
    for (const { counted, count, threshold } of raised) {
      const { rule, entry, group, groupKey, window, position } = counted;
      const { count: inserted } = await this.#tx.query(
        `INSERT INTO audit_alert (rule, group_key, window_since, window_until, rule_hash, severity, sentence, agency, system,
           officer, by_case, count, threshold, log_id, index, position, at)
         SELECT $1::text, $2::bytea, $3::timestamptz, $4::timestamptz, $5::text, $6::text, $7::jsonb, $8::text, $9::text,
           $10::text, $11::boolean, $12::int, $13::int, $14::text, $15::bigint, $16::int, $17::timestamptz
         WHERE NOT EXISTS (SELECT FROM audit_alert
           WHERE rule = $1 AND group_key = $2 AND window_since < $4 AND window_until > $3)
         ON CONFLICT (rule, group_key, window_since) DO NOTHING`,
        [
          ...[rule.name, bytesOf(groupKey), isoOf(window.since), isoOf(window.until), rule.hash, rule.severity],
          ...[JSON.stringify(rule.sentence), group.agency, group.system, group.officer, rule.group.includes('case')],
          ...[count, threshold, entry.log, entry.index, position ?? null, isoOf(entry.at)],
        ],
      );
      fresh += inserted;
    }
    return fresh;
  }
}

interface OpeningRow {
  readonly key: string;
  readonly at: string;
  readonly until: string;
  readonly purpose: string | null;
  readonly document: string | null;
  readonly categories: readonly string[];
}

function bytesOf(key: string): Buffer {
  return Buffer.from(key, 'hex');
}

function isoOf(at: number): string {
  return new Date(at).toISOString();
}
