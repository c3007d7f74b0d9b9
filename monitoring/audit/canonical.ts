import { createHash } from 'node:crypto';
import canonicalizeModule from 'canonicalize';
import { bareObject } from '../../schemas/objects.js';

/** The package is CommonJS; its types call its only export a default. */
const canonicalize = canonicalizeModule as unknown as (value: unknown) => string | undefined;

/** Returns the RFC 8785 (JCS) bytes of a JSON value. Throws for a value that JSON cannot express. */
export function canonicalBytes(value: unknown): Buffer {
  const text = canonicalText(value);
  if (text === undefined) throw new TypeError('not a JSON value');
  return Buffer.from(text, 'utf8');
}

/**
 * RFC 8785 is what `JSON.stringify` writes of an object whose members are in order, so that a copy in this order is
 * written by the engine, several times faster than member by member. Members with names that begin with a digit cannot
 * be put in order, because whole numbers come first in every object; they are left to the package, as is what is no JSON.
 */
function canonicalText(value: unknown): string | undefined {
  const copying: Copying = { isExact: true };
  const copy = inOrder(value, copying);
  return copying.isExact ? JSON.stringify(copy) : canonicalize(value);
}

interface Copying {
  /** False if the copy is not what must be written. */
  isExact: boolean;
}

function inOrder(value: unknown, copying: Copying): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) copying.isExact = false;
  if (typeof value !== 'object' || value === null || !copying.isExact) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => inOrder(item, copying));
  const members = value as Readonly<Record<string, unknown>>;
  if (typeof members['toJSON'] === 'function')
    return inOrder((members['toJSON'] as () => unknown).call(value), copying);
  const copy = bareObject();
  for (const name of sorted(Object.keys(members))) {
    if (startsWithDigit(name)) copying.isExact = false;
    copy[name] = inOrder(members[name], copying);
  }
  return copy;
}

/** Names up to this number are put in order by insertion, which allocates nothing. An entry has some hundred objects. */
const FEW_NAMES = 24;

/** Puts names in order by UTF-16 code units, as the comparison of texts is. */
function sorted(names: string[]): readonly string[] {
  if (names.length > FEW_NAMES) return names.sort();
  for (let at = 1; at < names.length; at += 1) {
    const name = names[at] ?? '';
    let before = at - 1;
    for (; before >= 0 && (names[before] ?? '') > name; before -= 1) names[before + 1] = names[before] ?? '';
    names[before + 1] = name;
  }
  return names;
}

function startsWithDigit(name: string): boolean {
  const unit = name.charCodeAt(0);
  return unit >= 0x30 && unit <= 0x39;
}

const LEAF_PREFIX = Buffer.from([0]);

/** Returns SHA-256(0x00 ‖ entry) (RFC 9162, section 2.1.1). */
export function leafHash(entry: Uint8Array): Buffer {
  return createHash('sha256').update(LEAF_PREFIX).update(entry).digest();
}
