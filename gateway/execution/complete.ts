import { getNamedType, isCompositeType, isEnumType, isListType, isNonNullType, isSpecifiedScalarType, type GraphQLCompositeType, type GraphQLNamedOutputType, type GraphQLOutputType, type GraphQLSchema } from 'graphql';
import { bareObject } from '../../schemas/bare-object.js';
import type { ClientSelection } from './client-selection.js';
import { copyLeaf } from './copy-leaf.js';
import { typeFinder } from './fields-type.js';
import type { Projection } from './projection.js';
import { isDataObject, type DataObject } from './walk-paths.js';

/** Where a value stands: in the data, and in the answer. */
export interface Place {
  readonly holder: object;
  readonly key: string | number;
  readonly path: AnswerPath;
}

export interface AnswerPath {
  readonly before: AnswerPath | undefined;
  readonly key: string | number;
}

/** A null of which the client has been told why. */
export const TOLD = Symbol('told');
/** A null where the schema allows none: the enclosing value becomes null (GraphQL spec, section 6.4.4). */
export const BUBBLE = Symbol('bubble');

/** The value as the client gets it, `null`, {@link TOLD} or {@link BUBBLE}. */
export type Complete = (value: unknown, place: Place, projection: Projection) => unknown;

export function compileCompletion(type: GraphQLOutputType, selection: ClientSelection, schema: GraphQLSchema): Complete {
  if (isNonNullType(type)) return completeNonNull(compileCompletion(type.ofType, selection, schema));
  if (isListType(type)) return orNull(completeList(compileCompletion(type.ofType, selection, schema)));
  const named = getNamedType(type);
  return orNull(isCompositeType(named) ? completeObject(named, selection, schema) : completeLeaf(named));
}

/** Nothing there: null, and why, if anything is known. */
function orNull(complete: Complete): Complete {
  return (value, place, projection) => (value === null || value === undefined ? projection.absent(place) : complete(value, place, projection));
}

function completeNonNull(complete: Complete): Complete {
  return (value, place, projection) => {
    const completed = complete(value, place, projection);
    if (completed === null) projection.tell(place, { code: 'NULL_IN_NON_NULL' });
    return completed === null || completed === TOLD ? BUBBLE : completed;
  };
}

function completeList(complete: Complete): Complete {
  return (value, place, projection) => {
    if (!Array.isArray(value)) return projection.malformed(place);
    const list: unknown[] = [];
    let bubbled = false;
    value.forEach((item, index) => {
      const completed = complete(item, { holder: value, key: index, path: { before: place.path, key: index } }, projection);
      bubbled ||= completed === BUBBLE;
      list.push(completed === TOLD ? null : completed);
    });
    return bubbled ? TOLD : list;
  };
}

function completeLeaf(type: GraphQLNamedOutputType): Complete {
  if (isEnumType(type)) {
    const values = new Set(type.getValues().map(({ name }) => name));
    return (value) => (typeof value === 'string' && values.has(value) ? value : null);
  }
  if (isSpecifiedScalarType(type)) return (value, place, projection) => (typeof value === 'object' ? projection.malformed(place) : value);
  return (value) => copyLeaf(value);
}

function completeObject(type: GraphQLCompositeType, selection: ClientSelection, schema: GraphQLSchema): Complete {
  const typeOf = typeFinder(type, schema);
  return (value, place, projection) => {
    if (!isDataObject(value)) return projection.malformed(place);
    const concrete = typeOf(value);
    if (!concrete) return null;
    const kept = projection.recordsSoFar;
    projection.records(value, place.path);
    const completed = projectObject(value, concrete.name, selection.on(concrete), place.path, projection);
    if (completed === TOLD) projection.forgetRecordsAfter(kept);
    return completed;
  };
}

/** An object with the client's keys in the client's order, or {@link TOLD} when a null bubbled to it. */
export function projectObject(value: DataObject, type: string, fields: ReturnType<ClientSelection['on']>, path: AnswerPath | undefined, projection: Projection): unknown {
  const object = bareObject();
  let bubbled = false;
  for (const { name, dataKey, clientKey, complete } of fields) {
    if (!complete) {
      object[clientKey] = name === '__typename' ? type : null;
      continue;
    }
    const completed = complete(value[dataKey], { holder: value, key: dataKey, path: { before: path, key: clientKey } }, projection);
    bubbled ||= completed === BUBBLE;
    object[clientKey] = completed === TOLD ? null : completed;
  }
  return bubbled ? TOLD : object;
}
