import type { DocumentPath } from '../../schemas/bounded-yaml.js';
import {
  placedTexts,
  usesOf,
  type AskedPlaceholder,
  type Question,
  type Questions,
} from '../mapping/check/questions.js';
import { OF_CALL } from './operations/compile-operation.js';
import { CONSTANT, placeholdersIn } from './request/placeholders.js';
import { textsOf } from './request/repeated.js';
import type { RestSource } from './source.js';

type Mapping = Partial<Pick<RestSource, 'types' | 'roots' | 'constants'>>;

/** Placeholders whose values do not come from keys and arguments. */
const SOURCES = [...OF_CALL, 'select', 'page.number', 'page.size', 'page.offset', 'page.cursor'];

/** Returns what the operations of a mapping ask for. Only the path needs each of its values, but for a default. */
export function questionsOf({
  operations = {},
  ...mapping
}: Mapping & Pick<Partial<RestSource>, 'operations'>): Questions {
  return questionsIn(mapping, Object.entries(operations), (name, { request, batch, values = {} }) => {
    const { path, query, headers, body, form } = request;
    const at = ['operations', name, 'request'];
    const isBatch = batch !== undefined && batch.answer !== 'none';
    return {
      isBatch,
      placeholders: [
        ...askedIn(path, [...at, 'path'], { isNeeded: true }).map((asked) =>
          values[asked.name]?.default === undefined ? asked : { ...asked, isNeeded: false },
        ),
        ...Object.entries({ query, headers, body, form }).flatMap(([part, given]) =>
          askedIn(given, [...at, part], { isBatch }),
        ),
      ],
    };
  });
}

/** Returns what operations ask for, as a protocol says it of one. */
export function questionsIn<Operation>(
  { types = {}, roots = {}, constants = {} }: Mapping,
  operations: readonly (readonly [string, Operation])[],
  questionOf: (name: string, operation: Operation) => Omit<Question, 'at'>,
): Questions {
  return {
    operations: new Map(
      operations.map(([name, operation]) => [name, { at: ['operations', name], ...questionOf(name, operation) }]),
    ),
    uses: usesOf(types, roots),
    sources: [...SOURCES, ...Object.keys(constants).map((name) => `${CONSTANT}${name}`)],
  };
}

interface AskedIn {
  readonly isNeeded?: boolean;
  /** Whether the template is of a request that asks for many keys. */
  readonly isBatch?: boolean;
}

/** Returns the placeholders of a template, each with the place of its text. */
export function askedIn(
  template: unknown,
  around: DocumentPath,
  { isNeeded = false, isBatch = false }: AskedIn = {},
): readonly AskedPlaceholder[] {
  const repeated = textsOf(template);
  return placedTexts(template, around).flatMap(({ text, at }, place) =>
    placeholdersIn(text).map(({ name, isList }) => ({
      name,
      isList: isList || (isBatch && repeated[place]?.isRepeated === true),
      at,
      isNeeded,
    })),
  );
}
