import { executeSync, Kind, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import { DocumentCompiler, type CompilerDependencies } from './compile.js';
import { outcomeOf } from './answer/outcome.js';
import type { Execution, ExecutionOutcome, Executor } from './port.js';
import { Run, type RunServices } from './run.js';
import type { Labels } from '../../schemas/ports/observer.js';

export type ExecutorDependencies = CompilerDependencies & RunServices;

/** The consent-aware executor: see {@link Executor} for what it promises. */
export function createExecutor(dependencies: ExecutorDependencies): Executor {
  const compiler = new DocumentCompiler(dependencies);
  return {
    execute: async (work) => {
      work.signal?.throwIfAborted();
      const compiled = compiler.compile(work.planned, work.variables);
      const run = new Run(work, dependencies);
      try {
        await compiled.steps(run);
      } finally {
        run.cancellation.end();
      }
      work.signal?.throwIfAborted();
      const outcome = withIntrospection(outcomeOf(run, compiled.project), work, dependencies);
      count(outcome, dependencies);
      return outcome;
    },
  };
}

/** Returns the outcome with the answers to introspection, at the keys that the client wrote. */
function withIntrospection(
  outcome: ExecutionOutcome,
  { planned, variables }: Execution,
  { publicSchema }: CompilerDependencies,
): ExecutionOutcome {
  if (planned.introspective === undefined || outcome.data === null) return outcome;
  return { ...outcome, data: Object.assign(outcome.data, introspect(publicSchema, planned.introspective, variables)) };
}

/** Returns graphql-js's answer to an operation about the public schema. Throws for what validation should have refused. */
function introspect(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { data, errors } = executeSync({
    schema,
    document: { kind: Kind.DOCUMENT, definitions: [operation] },
    variableValues: variables,
  });
  if (errors !== undefined || data === null || data === undefined)
    throw new Error('introspection failed', { cause: errors?.[0] });
  return data;
}

function count({ withheld, records }: ExecutionOutcome, { observer }: RunServices): void {
  for (const { code } of withheld) observer.count('tereze_withheld_total', { code });
  for (const { labels, number } of byRegister(records)) observer.count('tereze_records_total', labels, number);
}

/** Counts records by register and verdict: there may be hundreds of them, and a metric takes its time for each call. */
function byRegister(records: ExecutionOutcome['records']): Iterable<{ readonly labels: Labels; number: number }> {
  const counted = new Map<string, { readonly labels: Labels; number: number }>();
  for (const { register, verdict } of records) {
    const known = counted.get(`${verdict} ${register}`);
    if (known === undefined) counted.set(`${verdict} ${register}`, { labels: { register, verdict }, number: 1 });
    else known.number += 1;
  }
  return counted.values();
}
