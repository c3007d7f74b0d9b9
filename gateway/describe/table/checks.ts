/** A list of texts, as `pg_get_constraintdef` writes `IN`: `CHECK (((kind)::text = ANY ((ARRAY['a'::character varying, ...` */
const ANY_OF =
  /^CHECK \(\(*("(?:[^"]|"")+"|[a-z_][a-z0-9_$]*)\)?(?:::[a-z ]+)? = ANY \(\(?ARRAY\[(.+?)\](?:\)?::[a-z ]+\[\])?\)*$/;
const TEXT = /^'((?:[^']|'')*)'(?:::[a-z ]+)?$/;

/** Returns the values that a condition of the table allows in a column of texts; undefined if none does. */
export function allowedValues(checks: readonly string[], column: string): readonly string[] | undefined {
  for (const check of checks) {
    const [, name = '', list = ''] = ANY_OF.exec(check) ?? [];
    if (unquoted(name) !== column) continue;
    const values = list.split(/, (?=')/).map((item) => TEXT.exec(item.replace(/^\(|\)(?=::|$)/g, ''))?.[1]);
    if (values.every((value) => value !== undefined)) return values.map((value) => value.replaceAll("''", "'"));
  }
  return undefined;
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}
