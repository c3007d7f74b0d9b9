import type { GovernanceFacts } from '../governance-index.js';
import { sortedChanges, type SchemaChange } from './change.js';

/**
 * Returns the changes of governance of the elements that both sides have. Such a change breaks no document
 * but may change which caller gets which data, so each is dangerous. It does not matter which register
 * says it, because registers must agree (rules `category-differs` and `governance-differs`). Removed and
 * new fields are changes of the public schema.
 */
export function governanceChanges(before: GovernanceFacts, after: GovernanceFacts): readonly SchemaChange[] {
  const [old, now] = [factsOf(before), factsOf(after)];
  const changes = [...old].flatMap(([subject, was]): readonly SchemaChange[] => {
    const is = now.get(subject);
    if (is === undefined) return [];
    return KINDS.flatMap(({ type, of, told }) =>
      of(was) === of(is)
        ? []
        : [
            {
              criticality: 'dangerous',
              type,
              path: was.path,
              message: `${told} of ${was.path} changed from ${of(was)} to ${of(is)}`,
            },
          ],
    );
  });
  return sortedChanges(changes);
}

/** What is said of one field, type or category. */
interface Said {
  readonly path: string;
  readonly category?: string;
  readonly sensitivity?: string;
  readonly subject?: string;
  readonly dwelling?: string;
  readonly subjectArgument?: string;
  readonly link?: string;
  readonly derivation?: string;
  readonly bound?: string;
}

interface Kind {
  readonly type: string;
  readonly told: string;
  readonly of: (said: Said) => string;
}

const NONE = 'none';

const KINDS: readonly Kind[] = [
  { type: 'CATEGORY_CHANGED', told: 'The category', of: ({ category }) => category ?? NONE },
  { type: 'SENSITIVITY_CHANGED', told: 'The sensitivity', of: ({ sensitivity }) => sensitivity ?? NONE },
  { type: 'SUBJECT_CHANGED', told: 'The subject', of: ({ subject }) => subject ?? NONE },
  { type: 'DWELLING_CHANGED', told: 'The dwelling', of: ({ dwelling }) => dwelling ?? NONE },
  {
    type: 'SUBJECT_ARGUMENT_CHANGED',
    told: 'The argument that names the subject',
    of: ({ subjectArgument }) => subjectArgument ?? NONE,
  },
  { type: 'LINK_CHANGED', told: 'The link', of: ({ link }) => link ?? NONE },
  { type: 'DERIVATION_CHANGED', told: 'The derivation', of: ({ derivation }) => derivation ?? NONE },
  { type: 'LIST_BOUND_CHANGED', told: 'The bound', of: ({ bound }) => bound ?? NONE },
];

/** Everything that is said, by what it is said of: `field Type.field`, `type Type`, `category name`. */
function factsOf({
  categories,
  sensitivities,
  subjects,
  dwellings,
  subjectArguments,
  links,
  derivations,
  listBounds,
}: GovernanceFacts): ReadonlyMap<string, Said> {
  const said = new Map<string, Said>();
  for (const [key, category] of Object.entries(categories)) {
    const [register, coordinate] = split(key);
    const [type, field] = coordinate.split('.') as [string, string];
    const link = links[key];
    const derivation = derivations[key];
    const bound = listBounds[key];
    const argument = type === 'Query' ? subjectArguments[`${register} ${field}`] : undefined;
    said.set(`field ${coordinate}`, {
      path: coordinate,
      category,
      ...(link === undefined ? {} : { link: `${link.role} by ${link.field}` }),
      ...(derivation === undefined ? {} : { derivation: `${derivation.by} from ${derivation.from.join(', ')}` }),
      ...(bound === undefined ? {} : { bound: bound.kind === 'size' ? String(bound.size) : bound.argument }),
      ...(argument === undefined ? {} : { subjectArgument: `${argument.name} (${argument.form})` }),
    });
    const subject = subjects[`${register} ${type}`];
    const dwelling = dwellings[`${register} ${type}`];
    said.set(`type ${type}`, {
      path: type,
      ...(subject === undefined ? {} : { subject }),
      ...(dwelling === undefined ? {} : { dwelling }),
    });
  }
  for (const [name, sensitivity] of Object.entries(sensitivities))
    said.set(`category ${name}`, { path: name, sensitivity });
  return said;
}

/** `register coordinate`; names of registers hold no space that matters, coordinates none at all. */
function split(key: string): readonly [string, string] {
  const space = key.lastIndexOf(' ');
  return [key.slice(0, space), key.slice(space + 1)];
}
