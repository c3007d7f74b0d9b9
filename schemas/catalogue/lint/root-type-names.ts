import { Kind } from 'graphql';
import { ROOT_TYPES } from '../declared-types.js';
import type { LintRule } from './problem.js';

/** Root types have their default names: composition uses these names, and the index needs the same. */
export const rootTypeNames: LintRule = (registers) =>
  registers.flatMap(({ register }) =>
    register.document.definitions
      .flatMap((node) =>
        node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION ? (node.operationTypes ?? []) : [],
      )
      .filter(({ type }) => !ROOT_TYPES.has(type.name.value))
      .map(({ type, operation, loc }) => ({
        rule: 'root-type-names',
        file: register.file,
        line: loc?.startToken.line ?? 0,
        message: `the root type of ${operation} is called ${type.name.value}: call it by its default name`,
      })),
  );
