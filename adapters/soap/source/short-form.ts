import { z } from 'zod';
import type { SoapOperation } from './operations-source.js';

const elementName = z.string().regex(/^[\p{L}_][\p{L}\p{N}\p{M}_-]*$/u, 'must be the local name of an element');

/** Keys of the short form: one question for many persons, by their key, behind SHEP or not. */
export const shortForm = {
  soap_action: z
    .string()
    .regex(/^[\x21\x23-\x7e]*$/, 'must be printable ASCII without quotes')
    .optional(),
  /** Service of the bus that leads to this register. */
  service_id: z.string().min(1).optional(),
  /** `<element><key>...</key><key>...</key></element>`, at most `max` keys. */
  request: z.strictObject({ element: elementName, key: elementName, max: z.int().min(1).max(500) }).optional(),
  /**
   * `<element>` with one `<record>` for each person that the register has, their `key` in it, and one `<absent>`,
   * holding the key, for each that it has not.
   */
  response: z
    .strictObject({ element: elementName, record: elementName, key: elementName, absent: elementName })
    .optional(),
  /** Codes in the answer's `status`. */
  status: z.strictObject({ success: z.string(), not_found: z.string() }).optional(),
};

/** Name of the one operation of a short form. */
export const SHORT_FORM_OPERATION = 'records';

export interface ShortForm {
  readonly soap_action?: string | undefined;
  readonly request: { readonly element: string; readonly key: string; readonly max: number };
  readonly response: {
    readonly element: string;
    readonly record: string;
    readonly key: string;
    readonly absent: string;
  };
}

/** Returns the operation that a short form describes, for a type with this key. */
export function shortFormOperation({ soap_action: action, request, response }: ShortForm, key: string): SoapOperation {
  const { element, record, key: recordKey, absent } = response;
  return {
    action,
    request: { body: { [request.element]: { [request.key]: `{${key}[]}` } } },
    answer: { items: [element, record], absent: [element, absent], not_found: {} },
    batch: { max: request.max, key: [recordKey], answer: 'unordered', absent: 'named' },
    parallel: 8,
    dropsOthers: true,
  };
}
