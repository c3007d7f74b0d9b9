import type { SubjectRef } from '../../schemas/ports/gate.js';
import type { PathStep } from '../planning/plan.js';
import type { Marks } from './marks.js';
import type { SupergraphTypes } from './supergraph-types.js';

export type DataObject = Record<string, unknown>;

/** An object that an entity fetch completes, and the person under whom it was admitted. */
export interface Target {
  readonly object: DataObject;
  readonly subject: SubjectRef | undefined;
}

export type Walker = (root: DataObject, marks: Marks) => readonly Target[];

type Visit = (value: unknown, subject: SubjectRef | undefined, marks: Marks, found: Target[]) => void;

/**
 * Compiles the places of an entity list. What was refused, withheld or rejected is not in the data,
 * so no walker finds it. An object that is not about a person of its own is about the person of the
 * object that encloses it.
 */
export function compileWalker(paths: readonly (readonly PathStep[])[], types: SupergraphTypes): Walker {
  const visits = paths.map((path) => path.reduceRight<Visit>((next, step) => compileStep(step, next, types), collect));
  return (root, marks) => {
    const found: Target[] = [];
    for (const visit of visits) visit(root, undefined, marks, found);
    return found;
  };
}

const collect: Visit = (value, subject, marks, found) => {
  if (!isDataObject(value)) return;
  found.push({ object: value, subject: marks.subjectOf(value) ?? subject });
};

function compileStep(step: PathStep, next: Visit, types: SupergraphTypes): Visit {
  switch (step.kind) {
    case 'field':
      return (value, subject, marks, found) => {
        if (isDataObject(value)) next(value[step.key], marks.subjectOf(value) ?? subject, marks, found);
      };
    case 'list':
      return (value, subject, marks, found) => {
        if (Array.isArray(value)) for (const item of value) next(item, subject, marks, found);
      };
    case 'type': {
      const names = new Set(step.names.flatMap((name) => [...types.standsFor(name)]));
      return (value, subject, marks, found) => {
        if (!isDataObject(value)) return;
        const type = value['__typename'];
        if (typeof type !== 'string' || names.has(type)) next(value, subject, marks, found);
      };
    }
  }
}

export function isDataObject(value: unknown): value is DataObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
