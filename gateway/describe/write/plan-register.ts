import type { OperationDescription, ParameterDescription, RegisterDescription, Said } from '../description.js';
import { fieldName, NameSet, typeNames } from './names.js';
import type { PlannedArgument, PlannedRoot, RegisterPlan, TakenNames } from './plan.js';
import { personNumbersSaid } from './person-numbers.js';
import { PERSON_NUMBER, SCALARS } from './scalar-of.js';
import { withoutParameters } from './without-parameters.js';
import { ASSUMED_ITEMS, namedType, TypePlan, typeText, type Draft, type ValueDraft } from './type-plan.js';

export interface PlanRequest {
  readonly register: string;
  readonly description: RegisterDescription;
  /** Those that are written: none is refused, each has an answer. */
  readonly operations: readonly OperationDescription[];
  readonly personal: ReadonlySet<string>;
  readonly taken: TakenNames;
}

/** Plans what the three files say. Pure. */
export function planRegister({ register, description, operations, personal, taken }: PlanRequest): RegisterPlan {
  const types = new TypePlan(personal);
  const operationNames = new NameSet();
  const asked = operations.flatMap((operation) =>
    askedOf(operation, operationNames.take(operationName(operation)), types),
  );
  const drafts = asked.flatMap(({ value: { draft } }) => (draft ? [draft] : []));
  const named = types.named(drafts, typeNames(taken.types));
  const roots = new NameSet(taken.roots);
  return {
    register,
    title: description.title,
    source: description.source,
    operations: asked
      .filter(({ operation }) => hasTemplate(operation))
      .map((one) => ({ name: one.name, asked: withoutParameters(leftOut(one), one.operation.asked) })),
    roots: asked.map((one) => rootOf(one, roots, named.nameOf)),
    types: named.types,
    unions: named.unions,
    said: [
      ...asked.flatMap(({ operation }) => operation.said),
      ...types.said,
      ...asked.flatMap(({ operation }) => personNumbersSaid(operation)),
      ...asked.flatMap(leftOutOf),
    ],
  };
}

function hasTemplate({ asked }: OperationDescription): boolean {
  return Object.keys(asked).length > 0;
}

/** An operation that has an answer. */
interface Asked {
  readonly operation: OperationDescription;
  /** Its name in `source.yaml`. */
  readonly name: string;
  readonly value: ValueDraft;
  /** Whether its root asks for one key, and for nothing else. */
  readonly isByKey: boolean;
}

/** A name that `source.yaml` takes: letters, digits, `_`, `.` and `-`. */
function operationName({ name }: OperationDescription): string {
  return /^[A-Za-z_][A-Za-z0-9_.-]*$/.test(name) ? name : fieldName(name);
}

function askedOf(operation: OperationDescription, name: string, types: TypePlan): readonly Asked[] {
  const { answer, entity, place } = operation;
  const value = answer && types.value(answer, place);
  if (value === undefined) return [];
  const isAsked = hasTemplate(operation);
  const isEntity =
    entity !== undefined &&
    value.draft?.kind === 'object' &&
    !(entity.by === 'batch' && operation.parameters.some((one) => one.required && !isKey(one.name, operation))) &&
    types.entity(value.draft, entity, isAsked ? name : undefined);
  return [{ operation, name, value, isByKey: isEntity && (entity.by === 'batch' || !isAsked) }];
}

function rootOf(
  { operation, name: source, value, isByKey }: Asked,
  names: NameSet,
  nameOf: (draft: Draft) => string,
): PlannedRoot {
  const name = names.take(fieldName(operation.name));
  const given = new NameSet();
  // A question for many keys asks only for the keys.
  const asked = isByKey ? operation.parameters.filter(({ name: one }) => isKey(one, operation)) : operation.parameters;
  const parameters = asked.map((parameter) => ({
    parameter,
    argument: argumentOf(parameter, given.take(fieldName(parameter.name)), isByKey),
  }));
  const [first] = parameters;
  const lists = isByKey ? 0 : value.lists;
  return {
    name,
    description: operation.title,
    arguments: parameters.map(({ argument }) => argument),
    type: typeText({ ...value, lists }, namedType(value, nameOf)),
    listSize: lists > 0 ? (value.maxItems ?? ASSUMED_ITEMS.root) : undefined,
    mapping:
      isByKey && first
        ? first.argument.name
        : {
            operation: source,
            ...(parameters.length > 0
              ? {
                  arguments: Object.fromEntries(
                    parameters.map(({ parameter, argument }) => [parameter.placeholder, argument.name]),
                  ),
                }
              : {}),
          },
  };
}

/** What a question for keys alone has no value for. */
function leftOut({ operation, isByKey }: Asked): readonly ParameterDescription[] {
  return isByKey ? operation.parameters.filter(({ name }) => !isKey(name, operation)) : [];
}

function leftOutOf(asked: Asked): readonly Said[] {
  return leftOut(asked).map(({ name, place }) => ({
    place,
    message: `"${name}" is left out: records are asked for by their key alone`,
  }));
}

function isKey(parameter: string, { entity }: OperationDescription): boolean {
  return entity?.key.some((one) => one.parameter === parameter) ?? false;
}

function argumentOf(parameter: ParameterDescription, name: string, isOneOfList: boolean): PlannedArgument {
  const { shape, required, isPersonal = false, description } = parameter;
  const leaf = shape.kind === 'list' ? shape.of : shape;
  const scalar = leaf.kind === 'leaf' && leaf.type !== 'binary' ? SCALARS[leaf.type] : 'String';
  const isList = shape.kind === 'list' && !isOneOfList;
  // Only one person can be the subject of a question.
  const isSubject = isPersonal && !isList;
  const named = isPersonal ? PERSON_NUMBER : scalar;
  return {
    name,
    type: `${isList ? `[${named}!]` : named}${required || isSubject ? '!' : ''}`,
    description,
    isSubject,
  };
}
