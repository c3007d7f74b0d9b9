import { ownMember } from '../../schemas/objects.js';
import type { Access, AgeClass, Basis, CallerKind } from '../../schemas/vocabulary.js';
import type { PolicyJson } from './cedar.js';
import type { NexusWord } from './port.js';

/** A registered client of an agency, as policies see it. */
export interface PossibleCaller {
  readonly agency: string;
  readonly system: string;
  readonly kind: Exclude<CallerKind, 'citizen'>;
}

/** What is known of a question. The rest could be anything. */
export interface KnownQuestion {
  readonly purpose: string;
  readonly category?: string;
  readonly access?: Access | 'issue_handle';
  readonly basis?: Basis;
  readonly nexus?: NexusWord;
  readonly age?: AgeClass;
  readonly principal?: PossibleCaller;
}

/**
 * Returns false only if the policy cannot apply to the question. It reads Cedar's JSON form of the scope and of the
 * conditions, and counts as possible what it does not understand.
 */
export function mayApply({ principal, action, resource, conditions }: PolicyJson, question: KnownQuestion): boolean {
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
function truthOf(expression: unknown, question: KnownQuestion): boolean | undefined {
  const { '&&': and, '||': or, '!': not, '==': equal, '!=': unequal, in: within } = expression as Expression;
  if (and !== undefined) return both(truthOf(and.left, question), truthOf(and.right, question));
  if (or !== undefined)
    return opposite(both(opposite(truthOf(or.left, question)), opposite(truthOf(or.right, question))));
  if (not !== undefined) return opposite(truthOf(not.arg, question));
  if (equal !== undefined) return isAmong(equal.left, [equal.right], question);
  if (unequal !== undefined) return opposite(isAmong(unequal.left, [unequal.right], question));
  const set = (within?.right as { readonly Set?: readonly unknown[] } | undefined)?.Set;
  if (within === undefined || set === undefined) return undefined;
  // An action may be in another one (`read in [disclose]`, in the schema), which is not read here.
  const isOne = isAmong(within.left, set, question);
  return isOne === false && isAction(within.left) ? undefined : isOne;
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
function isAmong(variable: unknown, entities: readonly unknown[], question: KnownQuestion): boolean | undefined {
  const value = valueOf(variable, question);
  const ids = entities.map(entityOf);
  if (value === undefined) return undefined;
  if (ids.includes(value)) return true;
  return ids.includes(undefined) ? undefined : false;
}

function valueOf(variable: unknown, { category, access, principal, ...context }: KnownQuestion): string | undefined {
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

function isAction(variable: unknown): boolean {
  return (variable as { readonly Var?: string }).Var === 'action';
}

function entityOf(expression: unknown): string | undefined {
  const { Value: value } = expression as { readonly Value?: { readonly __entity?: { readonly id: string } } };
  return value?.__entity?.id;
}

function idOf(entity: unknown): string | undefined {
  const { id, __entity } = entity as { readonly id?: string; readonly __entity?: { readonly id: string } };
  return id ?? __entity?.id;
}
