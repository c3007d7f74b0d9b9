import { z } from 'zod';
import { callIdSource } from '../call-id.js';
import { mappedField, mappedTypes, singleKey } from '../mapping/mapped-field.js';

const elementName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_-]*$/, 'must be the local name of an element');
/** A register behind SHEP's `SendMessage`, synchronous channel. */
export const soapSource = z.strictObject({
  protocol: z.literal('soap'),
  ...callIdSource,
  soap_action: z.string().regex(/^[\x21\x23-\x7e]*$/, 'must be printable ASCII without quotes'),
  /** Service of the bus that leads to this register. */
  service_id: z.string().min(1),
  /** Namespace of the register's own elements: in the question and in the answer. */
  namespace: z.string().min(1),
  /** `<element><key>...</key><key>...</key></element>`, at most `max` keys. */
  request: z.strictObject({ element: elementName, key: elementName, max: z.int().min(1).max(500) }),
  /**
   * `<element>` with one `<record>` for each person that the register has, their `key` in it, and one `<absent>`,
   * holding the key, for each that it has not.
   */
  response: z.strictObject({ element: elementName, record: elementName, key: elementName, absent: elementName }),
  /** Codes in the answer's `status`. */
  status: z.strictObject({ success: z.string(), not_found: z.string() }),
  roots: z.record(z.string(), z.string()),
  /**
   * Paths are local names of elements in the register's namespace, from the record down; the last of a list's path stands
   * once for each item.
   */
  types: mappedTypes(singleKey, mappedField),
});

export type SoapSource = z.output<typeof soapSource>;
