import { Kind, visit, type DocumentNode } from 'graphql';

/** Prefix of a client's alias inside the gateway. No field of a register begins with it (catalogue rule `reserved-names`). */
export const ALIAS_PREFIX = '_a_';

/**
 * Renames every alias that differs from its field's name to `_a_<alias>`. Without the prefix, a client
 * could give a field the name of an entity's key. The next register would be asked about that value,
 * which may identify another person.
 */
export function hardenAliases(document: DocumentNode): DocumentNode {
  return visit(document, {
    Field: (node) => {
      if (node.alias === undefined || node.alias.value === node.name.value) return undefined;
      return { ...node, alias: { kind: Kind.NAME, value: `${ALIAS_PREFIX}${node.alias.value}` } };
    },
  });
}

/** Returns the key as the client wrote it. */
export function clientKey(key: string): string {
  return key.startsWith(ALIAS_PREFIX) ? key.slice(ALIAS_PREFIX.length) : key;
}
