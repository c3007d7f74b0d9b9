import { Kind, type FieldNode } from 'graphql';
import type { GovernanceIndex } from '../../../schemas/catalogue/governance.js';
import { asWritten, type FoundLinks } from '../footprint/footprint.js';
import { renamedKey, dotted, interfaceOf, keyOf, rootFields } from '../plan-walk.js';
import type { EntityFetchNode, EntityList, FetchNode, RequiredSelection } from '../plan.js';
import type { DescribedPerson, DescribedSubject } from './description.js';

const NO_PERSON: DescribedPerson = { by: 'nobody' };
const UNSAID: DescribedPerson = { by: 'unsaid' };

/** Finds the person whose data each fetch of a plan reads: the person of the nearest link above the path, otherwise the person that the question names. */
export class Subjects {
  readonly #links: FoundLinks;
  readonly #governance: GovernanceIndex;
  /** Persons that the question names, by response key of the root field. */
  readonly #named: ReadonlyMap<string, DescribedPerson>;

  constructor(fetches: readonly (FetchNode | EntityFetchNode)[], links: FoundLinks, governance: GovernanceIndex) {
    this.#links = links;
    this.#governance = governance;
    this.#named = new Map(fetches.flatMap((fetch) => (fetch.kind === 'fetch' ? namedIn(fetch, governance) : [])));
  }

  of(fetch: FetchNode | EntityFetchNode): readonly DescribedSubject[] {
    if (fetch.kind === 'fetch')
      return namedIn(fetch, this.#governance).map(([key, person]) => ({ at: asWritten(key), person }));
    return fetch.lists.flatMap((list) => list.paths.map((path) => this.#entity(fetch.register, list, dotted(path))));
  }

  #entity(register: string, list: EntityList, path: string): DescribedSubject {
    const key = keyIn(register, list, this.#governance);
    return { at: asWritten(path), person: this.#personAt(path), ...(key === undefined ? {} : { key }) };
  }

  #personAt(path: string): DescribedPerson {
    const steps = path.split('.');
    for (let end = steps.length; end > 0; end -= 1) {
      const at = steps.slice(0, end).join('.');
      const link = this.#links.get(at);
      if (link !== undefined) return { by: 'link', role: link.role, at: asWritten(at) };
    }
    return this.#named.get(steps[0] ?? '') ?? noPersonIn(this.#governance);
  }
}

function namedIn(fetch: FetchNode, governance: GovernanceIndex): readonly (readonly [string, DescribedPerson])[] {
  return rootFields(fetch).map((field) => [
    renamedKey(fetch.outputRewrites, keyOf(field)),
    personIn(fetch.register, field, governance),
  ]);
}

function personIn(register: string, field: FieldNode, governance: GovernanceIndex): DescribedPerson {
  const named = governance.subjectArgument(register, field.name.value);
  const value = named && field.arguments?.find(({ name }) => name.value === named.name)?.value;
  if (named === undefined || value?.kind !== Kind.VARIABLE) return noPersonIn(governance);
  return { by: 'argument', argument: named.name, form: named.form, variable: value.name.value };
}

/** Without categories, nothing is governed. */
function noPersonIn({ categories }: GovernanceIndex): DescribedPerson {
  return categories.size === 0 ? UNSAID : NO_PERSON;
}

/** Returns the `Type.field` of a representation that holds the person's number; undefined if there is none. */
function keyIn(register: string, list: EntityList, governance: GovernanceIndex): string | undefined {
  for (const required of list.requires) {
    if (required.kind !== 'type') continue;
    const type = interfaceOf(list) ?? required.name;
    const field = governance.subjectField(register, type);
    if (field !== undefined && required.selections.some((selection) => carries(selection, field)))
      return `${type}.${field}`;
  }
  return undefined;
}

function carries(selection: RequiredSelection, field: string): boolean {
  return selection.kind === 'field'
    ? selection.to === field
    : selection.selections.some((inner) => carries(inner, field));
}
