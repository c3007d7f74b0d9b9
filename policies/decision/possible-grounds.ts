import { ownMember } from '../../schemas/objects.js';
import type { Access, AgeClass, Basis, CallerKind, NexusKind } from '../../schemas/vocabulary.js';
import type { PolicyJson } from './cedar.js';
import type { PolicyText } from './policy-set.js';
import type { Purpose } from './purposes.js';

/** A basis on which some caller may have a category, with the policies that can determine it. */
export interface PossibleGround {
  readonly category: string;
  readonly access: Access;
  readonly basis: Basis;
  /** Undefined for consent. */
  readonly nexus: NexusKind | undefined;
  readonly policies: readonly string[];
}

const ACCESSES: readonly Access[] = ['read', 'disclose'];
const NEXUS_KINDS: readonly NexusKind[] = ['application', 'list', 'relation', 'self'];
const AGES: readonly AgeClass[] = ['minor', 'adult'];

/**
 * Returns the grounds on which decisions for a purpose can rest, for any caller: never too few, perhaps
 * too many. What is not known of a question counts as if it held, and no `forbid` counts. Two grounds
 * may differ in their policies only: those for minors and those for adults.
 */
export function possibleGrounds(
  policies: readonly PolicyText[],
  purpose: Pick<Purpose, 'name' | 'bases'>,
  categories: Iterable<string>,
): readonly PossibleGround[] {
  const permits = policies.filter(
    ({ effect, json }) => effect === 'permit' && mayApply(json, { purpose: purpose.name }),
  );
  const ties = purpose.bases.flatMap((basis): readonly { basis: Basis; nexus: NexusKind | undefined }[] =>
    basis === 'consent' ? [{ basis, nexus: undefined }] : NEXUS_KINDS.map((nexus) => ({ basis, nexus })),
  );
  return [...categories].flatMap((category) =>
    ACCESSES.flatMap((access) =>
      ties.flatMap((tie) => {
        const lists = AGES.map((age) =>
          permits
            .filter(({ json }) =>
              mayApply(json, { category, access, purpose: purpose.name, age, ...tie, nexus: tie.nexus ?? 'none' }),
            )
            .map(({ id }) => id),
        );
        return distinct(lists).map((ids) => ({ category, access, ...tie, policies: ids }));
      }),
    ),
  );
}

/** A registered client of an agency, as policies see it. */
export interface PossibleCaller {
  readonly agency: string;
  readonly system: string;
  readonly kind: Exclude<CallerKind, 'citizen'>;
}

/**
 * Returns the policies on which this caller may use a purpose, for data or for handles: never too few,
 * perhaps too many, like {@link possibleGrounds}.
 */
export function possiblePermits(
  policies: readonly PolicyText[],
  purpose: Pick<Purpose, 'name' | 'bases'>,
  caller: PossibleCaller,
): readonly string[] {
  return policies
    .filter(
      ({ effect, json }) =>
        effect === 'permit' &&
        purpose.bases.some((basis) => mayApply(json, { purpose: purpose.name, basis, principal: caller })),
    )
    .map(({ id }) => id);
}

/** Returns the lists of policies that different people of one caller can meet. With one policy there is only one. */
function distinct(lists: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const found = lists.filter(({ length }) => length > 0);
  const [first] = found;
  return found.every((ids) => ids.length === 1 && ids[0] === first?.[0]) ? found.slice(0, 1) : found;
}

/** What is known of a question. */
interface Question {
  readonly purpose: string;
  readonly category?: string;
  readonly access?: Access;
  readonly basis?: Basis;
  readonly nexus?: NexusKind | 'none';
  readonly age?: AgeClass;
  readonly principal?: PossibleCaller;
}

/** False only if the policy cannot apply to the question. */
function mayApply({ principal, action, resource, conditions }: PolicyJson, question: Question): boolean {
  const { access, category, principal: caller } = question;
  if (caller !== undefined && principal.op === 'is' && principal.entity_type !== 'System') return false;
  if (
    caller !== undefined &&
    principal.op === '==' &&
    'entity' in principal &&
    idOf(principal.entity) !== caller.system
  )
    return false;
  if (access !== undefined && action.op === '==' && 'entity' in action && idOf(action.entity) !== access) return false;
  if (category !== undefined && resource.op === '==' && 'entity' in resource && idOf(resource.entity) !== category)
    return false;
  return conditions.every(({ kind, body }) => {
    const holds = truthOf(body, question);
    return holds === undefined || holds === (kind === 'when');
  });
}

/** Returns whether a condition holds; undefined where that depends on something else than the question. */
function truthOf(expression: unknown, question: Question): boolean | undefined {
  const { '&&': and, '||': or, '!': not, '==': equal, '!=': unequal, in: within } = expression as Expression;
  if (and !== undefined) return both(truthOf(and.left, question), truthOf(and.right, question));
  if (or !== undefined)
    return opposite(both(opposite(truthOf(or.left, question)), opposite(truthOf(or.right, question))));
  if (not !== undefined) return opposite(truthOf(not.arg, question));
  if (equal !== undefined) return isAmong(equal.left, [equal.right], question);
  if (unequal !== undefined) return opposite(isAmong(unequal.left, [unequal.right], question));
  const set = (within?.right as { readonly Set?: readonly unknown[] } | undefined)?.Set;
  return within !== undefined && set !== undefined ? isAmong(within.left, set, question) : undefined;
}

interface Sides {
  readonly left: unknown;
  readonly right: unknown;
}

/** The parts of Cedar's JSON form that are read here. */
interface Expression {
  readonly '&&'?: Sides;
  readonly '||'?: Sides;
  readonly '!'?: { readonly arg: unknown };
  readonly '=='?: Sides;
  readonly '!='?: Sides;
  readonly in?: Sides;
}

function both(one: boolean | undefined, other: boolean | undefined): boolean | undefined {
  if (one === false || other === false) return false;
  return one === undefined || other === undefined ? undefined : true;
}

function opposite(truth: boolean | undefined): boolean | undefined {
  return truth === undefined ? undefined : !truth;
}

/** Returns whether a variable of the question is one of these entities; undefined if that is not known. */
function isAmong(variable: unknown, entities: readonly unknown[], question: Question): boolean | undefined {
  const value = valueOf(variable, question);
  const ids = entities.map(entityOf);
  if (value === undefined) return undefined;
  if (ids.includes(value)) return true;
  return ids.includes(undefined) ? undefined : false;
}

function valueOf(variable: unknown, { category, access, principal, ...context }: Question): string | undefined {
  const { Var: name, '.': member } = variable as {
    readonly Var?: string;
    readonly '.'?: { readonly left: { readonly Var?: string }; readonly attr: string };
  };
  if (name === 'resource') return category;
  if (name === 'action') return access;
  if (name === 'principal') return principal?.system;
  if (member?.left.Var === 'principal') return ownMember<string | undefined>({ ...principal }, member.attr);
  return member?.left.Var === 'context' ? ownMember<string | undefined>(context, member.attr) : undefined;
}

function entityOf(expression: unknown): string | undefined {
  const { Value: value } = expression as { readonly Value?: { readonly __entity?: { readonly id: string } } };
  return value?.__entity?.id;
}

function idOf(entity: unknown): string | undefined {
  const { id, __entity } = entity as { readonly id?: string; readonly __entity?: { readonly id: string } };
  return id ?? __entity?.id;
}
