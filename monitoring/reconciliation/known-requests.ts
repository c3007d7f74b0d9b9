import type { Sql } from '../../schemas/ports/sql.js';

/** Ids of our calls: the id of the request, and a number. */
const OF_CALL = /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})-\d{1,6}$/;
const AT_ONCE = 500;
/** A request that was lost is closed by whichever replica finds it, within days. */
const AROUND_MS = 2 * 86_400_000;

/** Returns the request to which a call belongs, by its id; undefined if the id is none of ours. */
export function requestOf(callId: string): string | undefined {
  return OF_CALL.exec(callId)?.[1];
}

/** Resolves with those requests of calls of which there is an entry, in a time around a range (milliseconds of the epoch). */
export async function knownRequests(
  sql: Sql,
  callIds: readonly string[],
  { since, until }: { readonly since: number; readonly until: number },
): Promise<ReadonlySet<string>> {
  const requests = [...new Set(callIds.flatMap((id) => requestOf(id) ?? []))];
  const known = new Set<string>();
  for (let from = 0; from < requests.length; from += AT_ONCE) {
    const { rows } = await sql.query<{ request_id: string }>(
      `SELECT DISTINCT request_id FROM audit_entry
       WHERE request_id = ANY($1::text[]) AND at >= $2::timestamptz AND at < $3::timestamptz`,
      [
        requests.slice(from, from + AT_ONCE),
        new Date(since - AROUND_MS).toISOString(),
        new Date(until + AROUND_MS).toISOString(),
      ],
    );
    for (const { request_id: request } of rows) known.add(request);
  }
  return known;
}
