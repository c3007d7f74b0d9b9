import { insertTiles } from '../../monitoring/audit/tree/stored-tree.js';
import { growTree, storedTree, EMPTY_TREE } from '../../monitoring/audit/tree/log-tree.js';
import { prepareEntry } from '../../monitoring/audit/append/prepared-entry.js';
import type { AuditLog } from '../../monitoring/audit/port.js';
import type { Sql } from '../../schemas/ports/sql.js';
import { openBenchDatabase } from './database.js';
import { benchDraft, openBenchLog } from './log.js';
import { interleaved, median, ratioText } from './rounds.js';

/**
 * What the tree costs an append: 64 callers that each wait for their entry, with the tree and with what the statement does
 * for it removed, in turns on two logs of one database. The hashes of the tree are computed in both; what that takes is
 * said apart. `npm run bench:audit-append [-- ENTRIES]`, entries of a round; `PG=15` for Debian's PostgreSQL.
 */

const CALLERS = 64;
const ROUNDS = 6;

async function main([count = '3200']: readonly string[]): Promise<void> {
  const entries = Number(count);
  const database = await openBenchDatabase('audit-append');
  try {
    const [sql, other] = [database.open(4), database.open(4)];
    const log = await openBenchLog(sql, 'with');
    const without = await openBenchLog(withoutTree(other), 'without');
    let number = 0;
    const appended = (to: AuditLog) => (): Promise<unknown> =>
      Promise.all(
        Array.from({ length: CALLERS }, async () => {
          for (let nth = 0; nth < entries / CALLERS; nth += 1) await to.append(benchDraft((number += 1)));
        }),
      );
    await interleaved({ with: appended(log), without: appended(without) }, 1);
    const costs = await interleaved({ with: appended(log), without: appended(without) }, ROUNDS);
    console.log(`${database.server}, ${CALLERS} callers, ${entries} entries a round`);
    for (const name of ['with', 'without'] as const)
      console.log(
        `${name} tree: ${((entries * 1_000) / median(costs[name], 'ms')).toFixed(0)} entries a second, ` +
          `${((median(costs[name], 'cpuMs') * 1_000) / entries).toFixed(0)} us CPU an entry`,
      );
    console.log(`time, with / without: ${ratioText(costs.with, costs.without, 'ms')}`);
    console.log(`CPU, with / without: ${ratioText(costs.with, costs.without, 'cpuMs')}`);
    console.log(`computing the tree, in both: ${treeUs().toFixed(1)} us CPU an entry`);
    await log.close();
    await without.close();
    await Promise.all([sql.close(), other.close()]);
  } finally {
    await database.close();
  }
}

/** Takes the tree out of the statements of appends. Their parameters stay, because the server wants a type for each. */
function withoutTree(sql: Sql): Sql {
  const tiles = `tiles AS (${insertTiles(15)}\n), `;
  const head = ', tree_size = $2 + cardinality($5::bytea[]), frontier = $13, root = $14';
  const unused = 'num_nulls($13::bytea, $14::bytea, $15::smallint[], $16::bigint[], $17::bytea[], $18::bytea[]) >= 0';
  const texts = new Map<string, string>();
  const rewritten = (text: string): string => {
    const known = texts.get(text);
    if (known !== undefined || !text.includes('INSERT INTO audit_entry (')) return known ?? text;
    if (!text.includes(tiles) || !text.includes(head)) throw new Error('the statement of an append is another one');
    const plain = text
      .replace(tiles, () => '')
      .replace(head, () => '')
      .replace('WHERE log_id = $1', () => `WHERE ${unused} AND log_id = $1`);
    texts.set(text, plain);
    return plain;
  };
  return { ...sql, query: (text, values, options) => sql.query(rewritten(text), values, options) };
}

/** Returns the CPU time of growing a tree in batches of the callers, in microseconds an entry. */
function treeUs(): number {
  const leaves = Array.from({ length: CALLERS }, (_, nth) => prepareEntry(benchDraft(nth)).leaf);
  const batches = 500;
  let tree = EMPTY_TREE;
  const before = process.cpuUsage();
  for (let batch = 0; batch < batches; batch += 1) {
    ({ tree } = growTree(tree, leaves));
    storedTree(tree);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / (batches * CALLERS);
}

await main(process.argv.slice(2));
