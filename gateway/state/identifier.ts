/** Returns a name for use in DDL, which takes no parameters: quoted by doubling (PostgreSQL manual, section 4.1.1). */
export function quotedIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Returns a text for use in DDL, quoted by doubling (PostgreSQL manual, section 4.1.2.1). */
export function quotedLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
