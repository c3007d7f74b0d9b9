import { SqlFailure } from '../../schemas/ports/sql.js';

/** SQLSTATE classes after which a statement may have been carried out: connection lost, server going down. */
const UNSURE_CLASSES = ['08', '57'];
/** ...but of class 57 these say plainly that it was not: cancelled (57014). */
const SURELY_NOT_DONE = new Set(['57014']);

/**
 * What `pg` throws, classified by code: an error that the server reported undid the statement;
 * anything else (a cut connection has no SQLSTATE) leaves it open whether it was done.
 */
export function toSqlFailure(error: unknown): SqlFailure {
  const code = sqlStateOf(error);
  const sure =
    code !== undefined && (SURELY_NOT_DONE.has(code) || !UNSURE_CLASSES.some((prefix) => code.startsWith(prefix)));
  return new SqlFailure(
    sure ? 'the state database refused a statement' : 'the connection to the state database was lost',
    {
      outcome: sure ? 'not_done' : 'unknown',
      code,
      cause: error,
    },
  );
}

function sqlStateOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}
