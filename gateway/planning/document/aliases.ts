import { Kind, visit, type DocumentNode } from 'graphql';

/** Before a client's alias; no register's field begins with it (catalogue rule `reserved-names`). */
export const ALIAS_PREFIX = '_a_';

/**
 * Renames every alias that differs from its field's name to `_a_<alias>`. Without it a client could
 * name a field like an entity's key, and the next register would be asked about that value: about
 * another person.
 */
export function hardenAliases(document: DocumentNode): DocumentNode {
  return visit(document, {
    Field: (node) => {
      if (node.alias === undefined || node.alias.value === node.name.value) return undefined;
      return { ...node, alias: { kind: Kind.NAME, value: `${ALIAS_PREFIX}${node.alias.value}` } };
    },
  });
}

/** The key as the client wrote it. */
export function clientKey(key: string): string {
  return key.startsWith(ALIAS_PREFIX) ? key.slice(ALIAS_PREFIX.length) : key;
}
