import { z } from 'zod';
import { callIdSource } from '../../call-id.js';
import { mappedField, mappedTypes, recordKey } from '../../mapping/mapped-field.js';
import { soapOperation, soapRoot } from './operations-source.js';
import { shortForm } from './short-form.js';

const soapTypes = mappedTypes(recordKey, mappedField, {
  read: z.string().optional().describe('Operation that answers one key.'),
  batch: z.string().optional().describe('Operation that answers many keys.'),
});

const identifierPart = z.string().min(1).max(255);

const xroadService = z.strictObject({
  instance: identifierPart,
  member_class: identifierPart,
  member_code: identifierPart,
  subsystem: identifierPart.optional(),
});

const statusCodes = z.union([z.string(), z.array(z.string()).min(1)]);

const shep = z.strictObject({
  service_id: z.string().min(1).describe('Service of the bus that leads to this register.'),
  route_id: z.string().min(1).optional().describe('Route, where the bus wants one.'),
  properties: z
    .record(z.string(), z.string())
    .default({})
    .describe('Properties of the request: texts with placeholders. Tereze-Call is added unless call_id is none.'),
  session_id: z.string().optional().describe('Session: a text with placeholders, such as {uuid}.'),
  status: z
    .strictObject({ success: statusCodes, not_found: statusCodes.optional() })
    .describe('Codes in the status of the answer. Any other code is a refusal.'),
});

/** Of every SOAP register, in either form. */
const common = {
  profile: z
    .enum(['plain', 'xroad-4.0', 'shep-sync'])
    .optional()
    .describe('What is around the data: nothing but SOAP, the headers of X-Road 4.0, or SHEP’s SendMessage.'),
  soap: z.literal([1.1, 1.2, '1.1', '1.2']).default('1.1').describe('Version of SOAP.'),
  security: z
    .enum(['none', 'signature'])
    .optional()
    .describe('Whether messages are signed both ways. With shep-sync they are unless this says none.'),
  freshness: z
    .enum(['timestamp', 'response_date'])
    .default('timestamp')
    .describe(
      'How a signed answer shows that it is new: by a signed Timestamp, or by the date in SHEP’s responseInfo.',
    ),
  elements: z
    .enum(['qualified', 'unqualified', 'as_schema'])
    .default('qualified')
    .describe(
      'Which names without prefix are in namespace: all; only those at the top of the data; none in requests, and in answers any of namespace, namespaces or no namespace.',
    ),
  data: z
    .enum(['elements', 'text', 'cdata'])
    .default('elements')
    .describe('Whether the data is elements, or XML that is written as text, escaped or in CDATA.'),
  empty: z
    .enum(['absent', 'text'])
    .default('text')
    .describe('Whether an element without content is as if it were not there, or an empty text.'),
  charset: z
    .string()
    .refine(isCharset, 'is no charset')
    .default('utf-8')
    .describe('Another charset of answers than UTF-8, such as windows-1251.'),
  namespace: z.string().min(1).optional().describe('Namespace of the register’s elements.'),
  namespaces: z
    .record(
      z.string().regex(/^(?!xml|xsi$|xs$)[A-Za-z_][\w.-]*$/, 'is no prefix that may be chosen'),
      z.string().min(1),
    )
    .default({})
    .describe('Further namespaces, by the prefix that names in templates have.'),
  constants: z
    .record(z.string(), z.union([z.string(), z.number()]))
    .default({})
    .describe('Texts for {constant.NAME}.'),
  zone: z
    .string()
    .regex(/^[+-]([01]\d|2[0-3]):[0-5]\d$/, 'must be an offset such as +05:00')
    .optional()
    .describe('Offset in which times are written. UTC without it.'),
};

/** `source.yaml` of a SOAP register, before its parts are checked against each other. */
export const soapShape = z.strictObject({
  protocol: z.literal('soap'),
  ...callIdSource,
  ...common,
  service: xroadService.optional().describe('xroad-4.0: the provider of the services.'),
  shep: shep.optional().describe('shep-sync: how the bus is asked.'),
  operations: z.record(z.string(), soapOperation).optional(),
  ...shortForm,
  roots: z.record(z.string(), soapRoot),
  types: soapTypes,
});

export type SoapSource = z.output<typeof soapShape>;

function isCharset(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== '';
  } catch {
    return false;
  }
}
