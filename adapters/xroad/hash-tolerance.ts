import { z } from 'zod';
import { keyFieldsOf, readingOf } from '../mapping/mapped-field.js';
import { ownMember } from '../../schemas/objects.js';
import type { XroadSource } from './source.js';

const warning = z.strictObject({
  action: z.literal('warn'),
  reason: z.string().min(1).max(300).describe('Why the hash cannot be right: which proxy adds or renames headers.'),
  until: z.iso.date().describe('Last day on which a wrong hash is taken. After it such a reply is refused.'),
});

/** What happens to a reply whose `X-Road-Request-Hash` is not that of the request. */
export const hashMismatch = z
  .union([z.literal('refuse'), warning])
  .describe(
    'A reply with another request hash than ours: `refuse`, or `{ action: warn, reason, until }` behind a proxy that adds or renames headers. Only over TLS with our certificate, and only if each record has the key that was asked.',
  );

type HashMismatch = z.output<typeof hashMismatch>;
export type HashTolerance = z.output<typeof warning>;

/** What is said of TLS to the security server. */
interface Connection {
  readonly url: string;
  readonly tls?: { readonly cert_file?: string | undefined; readonly key_file?: string | undefined } | undefined;
}

/**
 * Returns until when and why a wrong hash is taken; undefined if it is refused. Without the hash, only the key in each
 * record tells that a reply is about this question, and only TLS that it comes from our security server. Throws if the
 * mapping or the connection lacks one of them.
 */
export function hashTolerance(
  given: HashMismatch | undefined,
  source: XroadSource,
  { url, tls }: Connection,
): HashTolerance | undefined {
  if (given === undefined || given === 'refuse') return undefined;
  if (!url.startsWith('https:') || tls?.cert_file === undefined || tls.key_file === undefined)
    throw new Error('hash_mismatch: warn needs https and our certificate: write tls.cert_file and tls.key_file');
  const unkeyed = operationWithoutKey(source);
  if (unkeyed !== undefined)
    throw new Error(
      `hash_mismatch: warn needs the key in each record, which ${unkeyed} does not have: map it in types, or say where it is with batch.key`,
    );
  return given;
}

/** Returns what is answered without the key that was asked; undefined if everything has it. */
function operationWithoutKey({ operations, types, roots }: XroadSource): string | undefined {
  // Without operations each record and each item of a list has the number.
  if (operations === undefined) return undefined;
  const keyed = new Set(
    Object.values(types).flatMap((type) => {
      const names = keyFieldsOf(type);
      const isMapped = names.every((name) => {
        const field = ownMember(type.fields, name);
        return field !== undefined && readingOf(name, field).kind === 'leaf';
      });
      return names.length > 0 && isMapped ? [type.read, type.batch] : [];
    }),
  );
  const isKeyed = (name: string): boolean => {
    const many = ownMember(operations, name)?.batch;
    return keyed.has(name) || (many !== undefined && many.answer !== 'none' && many.key !== undefined);
  };
  const apart = Object.values(types).flatMap(({ fields }) =>
    Object.values(fields).flatMap((field) =>
      typeof field === 'object' && 'operation' in field && field.operation !== undefined ? [field.operation] : [],
    ),
  );
  const asked = [
    ...Object.values(types).flatMap(({ read, batch }) => [read, batch].filter((name) => name !== undefined)),
    ...Object.values(roots).flatMap((root) => (typeof root === 'string' ? [] : [root.operation])),
    ...apart,
  ];
  return asked.find((name) => !isKeyed(name));
}
