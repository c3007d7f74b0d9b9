import { z } from 'zod';
import type { Path } from '../../mapping/path.js';

/** A path in the answer: names of elements from the data down; `@name` for an attribute, `#text` for a text beside it. */
export const elementPath = z
  .union([z.string().min(1), z.array(z.union([z.string().min(1), z.int().min(0)]))])
  .transform((path): Path => (typeof path === 'string' ? [path] : path));

const codes = z
  .union([z.string(), z.number(), z.array(z.union([z.string(), z.number()]))])
  .transform((is): readonly string[] => [is].flat().map(String));

const codeAt = z.strictObject({
  at: elementPath.describe('Where the code is.'),
  is: codes.describe('The codes, as texts.'),
});

/** Elements by name. `compileTemplate` says what may be in them. */
const template = z.record(z.string(), z.unknown());

const request = z.strictObject({
  header: template
    .optional()
    .describe('Blocks that the register wants in the SOAP header, in addition to those of the profile.'),
  body: template.describe(
    'What is asked, as elements in their order: name: text, name: { child: ..., "@attribute": text, "#text": text }, name: [several], name: null for an empty element, name: { "#xml": { child: ... } } for XML in a text (data: text or cdata). A prefix of namespaces puts a name into that namespace. A text may hold placeholders: {iin} a field of the key or an argument, {iin[]} the keys of a batch or a list, {constant.NAME}, {purpose}, {case.number}, {case.agency}, {request_id}, {call_id}, {message_id}, {uuid} a new one each time, {now}, {select[]} the names of the elements that are read, {consent.token}, {consent.key} of the person of the key (with [] of each key of a batch). An element of which no placeholder has a value is left out. With shep-sync this is what is inside data, and attributes at the top are those of data.',
  ),
});

const notFound = z.strictObject({
  missing: z
    .literal(true)
    .optional()
    .describe('The answer holds no record: the element of the record, or one above it below the first, is not there.'),
  element: elementPath.optional().describe('This element is there.'),
  code: codeAt.optional().describe('This element holds one of these codes.'),
  fault: codes.optional().describe('Codes of a SOAP Fault, without prefix, that say so.'),
});

const answer = z.strictObject({
  document: elementPath
    .optional()
    .describe(
      'With data: text or cdata: the element whose text is the XML with the data. All other paths begin in that XML. With shep-sync it is data.',
    ),
  record: elementPath.optional().describe('The element with the one record.'),
  items: elementPath.optional().describe('The element that comes once for each record.'),
  absent: elementPath
    .optional()
    .describe('The element that comes once for each key that the register does not have, and holds that key.'),
  success: codeAt
    .optional()
    .describe('Codes of an answer that holds what was asked. Any other code, unless it says not_found, is a refusal.'),
  not_found: notFound.prefault({}).describe('How the register says that it has no such record.'),
  refused: elementPath.optional().describe('If this element is there, the register declines to answer.'),
});

const batch = z.strictObject({
  max: z.int().min(1).max(500).describe('Keys in one message, at most.'),
  key: z
    .union([elementPath, z.record(z.string(), elementPath)])
    .optional()
    .describe('Where a record holds its key: a path, or one for each field of the key. The mapped paths without it.'),
  answer: z
    .enum(['unordered', 'ordered'])
    .default('unordered')
    .describe('Whether records are told apart by their key, or come in the order of the keys.'),
  absent: z
    .union([z.null().transform(() => 'null' as const), z.enum(['named', 'omitted', 'null'])])
    .optional()
    .describe(
      'How a key comes that the register does not have: in answer.absent (named, where it is given), not at all (omitted), or as an empty or nil record (null, with ordered).',
    ),
});

/** One operation of a SOAP service. */
export const soapOperation = z
  .strictObject({
    action: z
      .string()
      .regex(/^[\x21\x23-\x7e]*$/, 'must be printable ASCII without quotes')
      .optional()
      .describe('SOAPAction; with 1.2 the parameter action. May be empty. Without it none is sent.'),
    service_code: z
      .string()
      .min(1)
      .optional()
      .describe('xroad-4.0: code of the service. The name of the operation without it.'),
    service_version: z.string().min(1).optional().describe('xroad-4.0: version of the service.'),
    request,
    answer,
    batch: batch.optional().describe('That one message asks for many keys, and how.'),
    parallel: z.int().min(1).max(64).default(8).describe('Messages at once where each asks for one key.'),
  })
  .superRefine(({ answer: { record, items, absent }, batch: many }, context) => {
    const issue = (path: readonly string[], message: string): void =>
      context.addIssue({ code: 'custom', path: [...path], message });
    if ((record === undefined) === (items === undefined)) issue(['answer'], 'needs either record or items');
    if (many !== undefined && items === undefined) issue(['answer'], 'of a batch needs items');
    if (absent !== undefined && many === undefined) issue(['answer', 'absent'], 'is for a batch');
    if (many?.absent === 'named' && absent === undefined) issue(['answer'], 'needs absent, because batch says named');
    if (many?.absent === 'null' && many.answer !== 'ordered') issue(['batch', 'absent'], 'null needs answer: ordered');
  });

export type SoapOperation = z.output<typeof soapOperation> & {
  /** Whether records of others are dropped and reported. Otherwise they fail the call. Not to be written. */
  readonly dropsOthers?: boolean;
};

/** A root field: the argument that is the key; or the operation that answers it, with its placeholders' arguments. */
export const soapRoot = z.union([
  z.string(),
  z.strictObject({
    operation: z.string(),
    arguments: z
      .record(z.string(), z.string())
      .optional()
      .describe('Argument of each placeholder. Without it a placeholder is the argument of its own name.'),
  }),
]);
