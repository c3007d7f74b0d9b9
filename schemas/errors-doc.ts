import { ERROR_CATALOGUE, type Actor, type CatalogueEntry, type ErrorCode } from './errors.js';

const ACTORS: Readonly<Record<Actor, string>> = {
  caller: 'The caller must change something.',
  citizen: 'The person that the data is about can change it.',
  register: 'The register’s operator must act.',
  gateway: 'The gateway’s operator must act.',
};

const INTRODUCTION = `# Errors

Every error that Tereze gives a caller has a code of this list in \`extensions.code\`. Codes are stable and never
used again for something else; classify by code, never by message. \`extensions\` also holds \`requestId\` (name it when
you ask for help), \`whoMustAct\`, \`retryable\` (the same request may succeed later, unchanged) and \`reasons\` (which
rule refused, as ids); where it is known when the refusal ends, \`endsAt\` (ISO 8601, UTC),
and where a register said when to come again, \`retryAt\` (RFC 3339, UTC). A refusal's message comes in Kazakh, Russian or English, as \`Accept-Language\` asks; that of an
error on a single field is English.

The HTTP status is that of a refusal of the whole request; the same code on one field of an answer is in \`errors\`
with its \`path\`, and the answer's status is 200. A client that asks for \`application/json\` without
\`application/graphql-response+json\` gets 200 for what is wrong with a document or its variables too (GraphQL over HTTP).

This file is generated from \`schemas/errors.ts\`.
`;

/** The exact text of the committed `docs/errors.md`: every code of the catalogue, in its order. */
export function errorsDocument(): string {
  const codes = Object.keys(ERROR_CATALOGUE) as ErrorCode[];
  return `${INTRODUCTION}\n${overview(codes)}\n${codes.map((code) => section(code, ERROR_CATALOGUE[code])).join('\n')}`;
}

function overview(codes: readonly ErrorCode[]): string {
  const rows = codes.map((code) => {
    const { status, actor, retryable } = ERROR_CATALOGUE[code];
    return `| [\`${code}\`](#${code.toLowerCase()}) | ${status} | ${actor} | ${retryable ? 'yes' : 'no'} |`;
  });
  return ['| code | status | who must act | retryable |', '| --- | --- | --- | --- |', ...rows, ''].join('\n');
}

function section(code: ErrorCode, { status, actor, retryable, text }: CatalogueEntry): string {
  return [
    `## ${code}`,
    '',
    `Status ${status}. ${ACTORS[actor]} ${retryable ? 'The same request may succeed later.' : 'The same request will be refused again.'}`,
    '',
    `- en: ${text.en}`,
    `- ru: ${text.ru}`,
    `- kk: ${text.kk}`,
    '',
  ].join('\n');
}
