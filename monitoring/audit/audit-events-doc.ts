import { z } from 'zod';
import { LANGUAGES } from '../../schemas/language.js';
import { SENTENCES, type EventName } from './catalogue/sentences.js';
import { ENTRY_SCHEMA_VERSION } from './entries.js';
import { OWN_FIELDS, REQUEST_KINDS } from './schema/bodies.js';
import { factsOf } from './schema/field.js';
import { commonShape, requestShape } from './schema/request.js';

const INTRODUCTION = `# Entries of the audit log

Each entry is one JSON object in the form of RFC 8785 (JCS), of at most 65,535 bytes. Its leaf is SHA-256 of a zero byte and
these bytes (RFC 9162, section 2.1.1). This page describes version ${ENTRY_SCHEMA_VERSION}, which the gateway writes. Entries that are in the log never
change, so readers accept all versions from 1 on; *since* is the first version that has a field in this form.

An entry holds no number and no name of a person. People are in \`subjects\`, as commitments: SHA-256 of a salt of 16 bytes
and the JSON text of the value. The salts are kept beside the entry, with the index token by which a search finds the
person. \`answer\` is SHA-256 of a salt of 32 bytes, which is in the receipt, and the RFC 8785 form of \`{data, errors?}\`.

Columns and rows beside an entry can be made again from its bytes. Readers compare them, and mark an entry \`CHANGED\` if they
differ. Entries of versions 1 to 3 do not commit to index tokens: a changed token of theirs is not noticed.

The sentences are what officers read. In braces stand ids, names, codes and counts of the entry.

This file is generated from \`monitoring/audit/schema/\` and \`monitoring/audit/catalogue/\`.
`;

/** What each kind is. */
const KINDS: Readonly<Record<keyof typeof OWN_FIELDS, string>> = {
  intent: 'Written before the first register is called.',
  completion: 'How a request with an intent ended. Written before a byte of the answer leaves.',
  refusal: 'An authenticated request that ended without data and without a call of a register.',
  refusals: 'Refusals that are counted: before authentication, or of a known caller beyond its rate.',
  act: 'A change of consents, handles or trusted documents, or the reading of one’s own consents.',
  state: 'An act of an operator on the whole state.',
  sink: 'Where entries are sent was changed in the configuration.',
  audit_read: 'Someone reads the audit log. Written before the first row is shown.',
  audit_read_end: 'How a reading of the audit log ended.',
  retention: 'An archive, an erasure of people’s part, or a legal hold. Asked for before, stated after.',
  alert: 'A detection rule reached its threshold (detection.md). One for a rule, group and window at most.',
  approval:
    'What became of a request for the approval of a second officer. Committed together with the change of the approval.',
};

/** The exact text of the committed `docs/audit-events.md`: every kind and field of entries. */
export function auditEventsDocument(): string {
  const kinds = Object.keys(OWN_FIELDS) as (keyof typeof OWN_FIELDS)[];
  return [
    INTRODUCTION,
    '## Fields of every entry\n',
    table(commonShape),
    `## Fields of entries about a request\n\nThey are in ${REQUEST_KINDS.map((kind) => `\`${kind}\``).join(', ')}.\n`,
    table(requestShape),
    ...kinds.flatMap((kind) => [`## ${kind}\n\n${KINDS[kind]}\n`, sentences(kind), table(OWN_FIELDS[kind])]),
  ]
    .join('\n')
    .replace(/\n+$/, '\n');
}

function sentences(kind: string): string {
  const events = (Object.keys(SENTENCES) as EventName[]).filter((event) => event.split('.')[0] === kind);
  const rows = events.map((event) => {
    const { en, ru, kk } = SENTENCES[event];
    return row([`\`${event}\``, en, ru, kk]);
  });
  return `${heading(['event', 'en', 'ru', 'kk'])}${rows.join('')}`;
}

interface DocumentedField {
  readonly path: string;
  readonly schema: z.ZodType;
}

function table(shape: Readonly<Record<string, z.ZodType>>): string {
  const rows = fieldsOf(shape, '').map(({ path, schema }) => {
    const { texts, since } = factsOf(schema) ?? missing(path);
    return row([`\`${path}\``, typeOf(schema), `${since}`, texts.en, texts.ru, texts.kk]);
  });
  return `${heading(['field', 'type', 'since', 'en', 'ru', 'kk'])}${rows.join('')}`;
}

function missing(path: string): never {
  throw new Error(`the field ${path} of entries has no texts in ${LANGUAGES.join(', ')}`);
}

/** Every field, those of its members after it: `case.number`, `subjects[].person`. */
function fieldsOf(shape: Readonly<Record<string, z.ZodType>>, before: string): readonly DocumentedField[] {
  return Object.entries(shape).flatMap(([name, schema]) => {
    const path = `${before}${name}`;
    const inner = unwrapped(schema);
    const members =
      inner instanceof z.ZodArray
        ? { of: unwrapped(inner.element as z.ZodType), step: '[].' }
        : { of: inner, step: '.' };
    return [
      { path, schema },
      ...(members.of instanceof z.ZodObject ? fieldsOf(members.of.shape, `${path}${members.step}`) : []),
    ];
  });
}

function unwrapped(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodNullable || schema instanceof z.ZodOptional || schema instanceof z.ZodExactOptional
    ? unwrapped(schema.unwrap() as z.ZodType)
    : schema;
}

/** More values than this are not listed: where they come from is in the field's text. */
const LISTED_VALUES = 12;

function typeOf(schema: z.ZodType): string {
  if (schema instanceof z.ZodNullable) return `${typeOf(schema.unwrap() as z.ZodType)} or null`;
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodExactOptional)
    return `${typeOf(schema.unwrap() as z.ZodType)}, may be left out`;
  if (schema instanceof z.ZodArray) return `list of ${typeOf(schema.element as z.ZodType)}`;
  if (schema instanceof z.ZodEnum && schema.options.length <= LISTED_VALUES)
    return schema.options.map((value) => `\`${value}\``).join(', ');
  if (schema instanceof z.ZodLiteral) return [...schema.values].map((value) => `\`${String(value)}\``).join(', ');
  if (schema instanceof z.ZodObject) return 'object';
  return schema instanceof z.ZodNumber ? 'number' : schema instanceof z.ZodBoolean ? 'boolean' : 'text';
}

function heading(names: readonly string[]): string {
  return `${row(names)}${row(names.map(() => '---'))}`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
}
