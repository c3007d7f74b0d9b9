import type { RegisteredDocument } from '../../schemas/operations/load-documents.js';

/** A tab of GraphiQL: a question, its variables, and the headers that say who asks it. JSON texts, as GraphiQL takes them. */
export interface Tab {
  readonly query: string;
  readonly variables: string;
  readonly headers: string;
}

/** Headers by which a tab says who asks. */
export const AS_CLIENT = 'x-demo-as';
export const AS_CITIZEN = 'x-demo-as-citizen';
export const CASE = 'x-demo-case';

/** One tab for each service that has an example, and one that is refused because nothing ties the person to the case. */
export function tabsOf(documents: readonly RegisteredDocument[]): readonly Tab[] {
  // What can be asked at once comes first; a handle has to be obtained.
  const inOrder = [...documents].sort(
    (one, other) => Number(one.example?.includes('HANDLE')) - Number(other.example?.includes('HANDLE')),
  );
  const tabs = inOrder.flatMap(({ text, example }) => (example === undefined ? [] : [tabOf(text, example)]));
  return [...tabs, ...REFUSED];
}

const REFUSED: readonly Tab[] = [
  {
    query:
      '# Refused before any register is asked: the social service may never see what someone owns, so it does not know such a field.\nquery Refused($iin: Iin!) {\n  citizen(iin: $iin) {\n    lands {\n      area\n    }\n  }\n}\n',
    variables: pretty({ iin: '930122492025' }),
    headers: pretty({ [AS_CLIENT]: 'social', [CASE]: 'PS-2026-000201' }),
  },
];

/** The example is words of `tereze ask`: `--as housing --case NUMBER --var iin=NUMBER`. */
function tabOf(query: string, example: string): Tab {
  const words = example.split(' ');
  const after = (option: string): readonly string[] =>
    words.flatMap((word, at) => (word === option ? (words[at + 1] ?? []) : []));
  const headers = { [AS_CLIENT]: after('--as')[0], [AS_CITIZEN]: after('--as-citizen')[0], [CASE]: after('--case')[0] };
  const variables = Object.fromEntries(after('--var').map((pair) => pair.split('=', 2) as [string, string]));
  return { query, variables: pretty(variables), headers: pretty(headers) };
}

function pretty(value: object): string {
  return JSON.stringify(value, undefined, 2);
}
