import pg from 'pg';
import { parseExactJson } from '../../../schemas/json/exact-json.js';
import { isInexactNumeral } from '../../../schemas/json/inexact-numeral.js';
import { Numeral } from '../../../schemas/numeral.js';
import { decodeArray } from './decode-array.js';

/** Stands for a value that is no text of UTF-8. */
export const ILLEGIBLE = Symbol('illegible');

/** Returns the value of a text as the database sent it, by the type of its column. Throws if it cannot be read. */
export type DecodeValue = (text: string) => unknown;

const { BOOL, INT2, INT4, INT8, NUMERIC, FLOAT4, FLOAT8, JSON: JSON_TEXT, JSONB, TIMESTAMPTZ } = pg.types.builtins;

const asText: DecodeValue = (text) => text;

/** By the object id of the type (`pg_type.dat`). Every other type is text: dates, times without zone, uuid, enums. */
const DECODERS: ReadonlyMap<number, DecodeValue> = new Map<number, DecodeValue>([
  [BOOL, (text) => text === 't'],
  ...[INT2, INT4, INT8, NUMERIC, FLOAT4, FLOAT8].map((oid): [number, DecodeValue] => [oid, numeral]),
  [JSON_TEXT, parseExactJson],
  [JSONB, parseExactJson],
  [TIMESTAMPTZ, instant],
]);

/** Types of arrays, and of their elements. */
const ARRAYS: ReadonlyMap<number, number> = new Map([
  [1000, BOOL],
  [1005, INT2],
  [1007, INT4],
  [1016, INT8],
  [1231, NUMERIC],
  [1021, FLOAT4],
  [1022, FLOAT8],
  [199, JSON_TEXT],
  [3807, JSONB],
  [1185, TIMESTAMPTZ],
  ...[1002, 1003, 1009, 1014, 1015, 1115, 1182, 1183, 1270, 2951, 1041, 651, 1040].map((oid): [number, number] => [
    oid,
    pg.types.builtins.TEXT,
  ]),
]);

/**
 * Returns how values of a type are decoded. `arrays`: the types of arrays that this database defines, with those of
 * their elements.
 */
function decoderOf(oid: number, arrays: ReadonlyMap<number, number>): DecodeValue {
  const element = ARRAYS.get(oid) ?? arrays.get(oid);
  if (element === undefined) return DECODERS.get(oid) ?? asText;
  const decode = decoderOf(element, arrays);
  return (text) => decodeArray(text, decode);
}

/** A number, or a `Numeral` where a number would be rounded or written in another way. `NaN` and infinity stay texts. */
function numeral(text: string): unknown {
  if (!/^-?\d/.test(text)) return text;
  return isInexactNumeral(text) ? new Numeral(text) : Number(text);
}

/** Sessions are in UTC. The form of RFC 3339; a time that it cannot write (`infinity`, before Christ) stays a text. */
function instant(text: string): string {
  return text.replace(/^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)\+00$/, '$1T$2Z');
}

/**
 * Returns how the driver decodes values by the types of their columns. It replaces bytes that are no UTF-8, which a
 * database without an encoding (SQL_ASCII) may send, by U+FFFD: such a value is {@link ILLEGIBLE}. `arrays`: see
 * {@link decoderOf}.
 */
export function typedValues(arrays: ReadonlyMap<number, number>): { getTypeParser: (oid: number) => DecodeValue } {
  const decoders = new Map<number, DecodeValue>();
  return {
    getTypeParser: (oid) => {
      const known = decoders.get(oid);
      if (known !== undefined) return known;
      const decode = decoderOf(oid, arrays);
      const legible: DecodeValue = (text) => (text.includes('\ufffd') ? ILLEGIBLE : decode(text));
      decoders.set(oid, legible);
      return legible;
    },
  };
}
