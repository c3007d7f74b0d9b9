import type { SubjectRef } from '../../../schemas/ports/gate.js';
import type { PathStep } from '../../planning/plan.js';
import type { Annotations } from '../data/annotations.js';
import type { SupergraphTypes } from '../../../schemas/catalogue/supergraph-types.js';
import { isObject } from '../../../schemas/objects.js';
import type { DataObject } from '../data/data-object.js';

/** Receives each object that an entity fetch completes, and the person that the object is about. */
export type OnTarget = (object: DataObject, subject: SubjectRef | undefined) => void;

export type Walker = (root: DataObject, annotations: Annotations, onTarget: OnTarget) => void;

type Visit = (value: unknown, subject: SubjectRef | undefined, annotations: Annotations, onTarget: OnTarget) => void;

/**
 * Compiles the paths of an entity list. What was refused, withheld or rejected is not in the data, so no walker
 * finds it. An object without a person of its own is about the person of the object around it.
 */
export function compileWalker(paths: readonly (readonly PathStep[])[], types: SupergraphTypes): Walker {
  const visits = paths.map((path) =>
    path.filter(isFirstOfLists).reduceRight<Visit>((next, step) => compileStep(step, next, types), collect),
  );
  return (root, annotations, onTarget) => {
    for (const visit of visits) visit(root, undefined, annotations, onTarget);
  };
}

/** Whether a step is not a list step after another: one stands for lists of any depth. */
function isFirstOfLists({ kind }: PathStep, position: number, path: readonly PathStep[]): boolean {
  return kind !== 'list' || path[position - 1]?.kind !== 'list';
}

const collect: Visit = (value, subject, annotations, onTarget) => {
  if (isObject(value)) onTarget(value, annotations.subjectOf(value) ?? subject);
};

function compileStep(step: PathStep, next: Visit, types: SupergraphTypes): Visit {
  switch (step.kind) {
    case 'field':
      return (value, subject, annotations, onTarget) => {
        if (isObject(value)) next(value[step.key], annotations.subjectOf(value) ?? subject, annotations, onTarget);
      };
    case 'list':
      return function visitList(value, subject, annotations, onTarget) {
        if (!Array.isArray(value)) return;
        for (let position = 0; position < value.length; position += 1) {
          const item: unknown = value[position];
          if (Array.isArray(item)) visitList(item, subject, annotations, onTarget);
          else next(item, subject, annotations, onTarget);
        }
      };
    case 'type': {
      const names = new Set(step.names.flatMap((name) => [...types.possibleTypes(name)]));
      return (value, subject, annotations, onTarget) => {
        if (!isObject(value)) return;
        const type = value['__typename'];
        if (typeof type !== 'string' || names.has(type)) next(value, subject, annotations, onTarget);
      };
    }
  }
}
