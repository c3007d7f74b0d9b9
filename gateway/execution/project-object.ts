import { bareObject } from '../../schemas/bare-object.js';
import { BUBBLE, TOLD, type AnswerPath } from './complete.js';
import type { ProjectedField } from './client-selection.js';
import type { Projection } from './projection.js';
import type { DataObject } from './walk-paths.js';

/** An object with the client's keys in the client's order, or `TOLD` when a null bubbled to it. `path`: its place in the answer; undefined at the top. */
export type ProjectObject = (value: DataObject, path: AnswerPath | undefined, projection: Projection) => unknown;

/** Compiles the fields of one type. */
export function compileProjection(fields: readonly ProjectedField[], type: string): ProjectObject {
  return (value, path, projection) => {
    const object = bareObject();
    let bubbled = false;
    for (const { name, dataKey, clientKey, complete } of fields) {
      if (!complete) {
        object[clientKey] = name === '__typename' ? type : null;
        continue;
      }
      const completed = complete(value[dataKey], projection, value, dataKey, path, clientKey);
      if (completed === BUBBLE) bubbled = true;
      object[clientKey] = completed === TOLD ? null : completed;
    }
    return bubbled ? TOLD : object;
  };
}
