import {
  getNamedType,
  isCompositeType,
  isEnumType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isSpecifiedScalarType,
  type GraphQLCompositeType,
  type GraphQLNamedOutputType,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';
import type { ClientSelection } from './client-selection.js';
import { copyLeaf } from '../data/data-object.js';
import { typeFinder, type FieldsType } from './fields-type.js';
import type { ProjectObject } from './write-object.js';
import type { Projection } from './projection.js';
import { isObject } from '../../../schemas/objects.js';

/**
 * Where a value stands, in the data and in the answer. Passed as separate arguments on the way down,
 * and put together only where something is to be told of the place: most values are just right.
 */
export interface Place {
  readonly holder: object;
  readonly key: string | number;
  /** Of what encloses the value. */
  readonly before: AnswerPath | undefined;
  /** The client's key. */
  readonly answerKey: string | number;
}

export interface AnswerPath {
  readonly before: AnswerPath | undefined;
  readonly key: string | number;
}

/** A null of which the client has been told why. */
export const TOLD = Symbol('told');
/** A null where the schema allows none: the enclosing value becomes null (GraphQL spec, section 6.4.4). */
export const BUBBLE = Symbol('bubble');

/** The value as the client gets it, `null`, {@link TOLD} or {@link BUBBLE}; the other arguments are its {@link Place}. */
export type Complete = (
  value: unknown,
  projection: Projection,
  holder: object,
  key: string | number,
  before: AnswerPath | undefined,
  answerKey: string | number,
) => unknown;

export function compileCompletion(
  type: GraphQLOutputType,
  selection: ClientSelection,
  schema: GraphQLSchema,
): Complete {
  if (isNonNullType(type)) return completeNonNull(compileCompletion(type.ofType, selection, schema));
  if (isListType(type)) return orNull(completeList(compileCompletion(type.ofType, selection, schema)));
  const named = getNamedType(type);
  return orNull(isCompositeType(named) ? completeObject(named, selection, schema) : completeLeaf(named));
}

/** Nothing there: null, and why, if anything is known. */
function orNull(complete: Complete): Complete {
  return (value, projection, holder, key, before, answerKey) =>
    value === null || value === undefined
      ? projection.absent({ holder, key, before, answerKey })
      : complete(value, projection, holder, key, before, answerKey);
}

function completeNonNull(complete: Complete): Complete {
  return (value, projection, holder, key, before, answerKey) => {
    const completed = complete(value, projection, holder, key, before, answerKey);
    if (completed === null) projection.tell({ holder, key, before, answerKey }, { code: 'NULL_IN_NON_NULL' });
    return completed === null || completed === TOLD ? BUBBLE : completed;
  };
}

function completeList(complete: Complete): Complete {
  return (value, projection, holder, key, before, answerKey) => {
    if (!Array.isArray(value)) return projection.malformed({ holder, key, before, answerKey });
    projection.enter(value, holder, key);
    const path = { before, key: answerKey };
    const list: unknown[] = [];
    let bubbled = false;
    for (let index = 0; index < value.length; index += 1) {
      const completed = complete(value[index], projection, value, index, path, index);
      if (completed === BUBBLE) bubbled = true;
      list.push(completed === TOLD ? null : completed);
    }
    return bubbled ? TOLD : list;
  };
}

function completeLeaf(type: GraphQLNamedOutputType): Complete {
  if (isEnumType(type)) {
    const values = new Set<unknown>(type.getValues().map(({ name }) => name));
    return (value) => (values.has(value) ? value : null);
  }
  if (isSpecifiedScalarType(type)) {
    return (value, projection, holder, key, before, answerKey) =>
      typeof value === 'object' ? projection.malformed({ holder, key, before, answerKey }) : value;
  }
  return (value) => copyLeaf(value);
}

function completeObject(type: GraphQLCompositeType, selection: ClientSelection, schema: GraphQLSchema): Complete {
  const typeOf = typeFinder(type, schema);
  const projections = new Map<FieldsType, ProjectObject>();
  return (value, projection, holder, key, before, answerKey) => {
    if (!isObject(value)) return projection.malformed({ holder, key, before, answerKey });
    const concrete = typeOf(value);
    if (!concrete) return null;
    let project = projections.get(concrete);
    if (!project) {
      if (isInterfaceType(concrete) && selection.dependsOnType(concrete))
        return projection.untyped(value, { holder, key, before, answerKey });
      projections.set(concrete, (project = selection.on(concrete).project));
    }
    projection.enter(value, holder, key);
    return projection.withRecords(value, { before, key: answerKey }, project);
  };
}
