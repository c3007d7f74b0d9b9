import { DocumentCompiler, type CompilerDependencies } from './compile.js';
import { outcomeOf } from './outcome.js';
import type { Executor } from './port.js';
import { Run, type RunServices } from './run.js';

export type ExecutorDependencies = CompilerDependencies & RunServices;

/** The consent-aware executor: see {@link Executor} for what it promises. */
export function createExecutor(dependencies: ExecutorDependencies): Executor {
  const compiler = new DocumentCompiler(dependencies);
  return {
    execute: async (work) => {
      work.signal?.throwIfAborted();
      const compiled = compiler.compile(work.planned, work.variables);
      const run = new Run(work, dependencies);
      await compiled.steps(run);
      work.signal?.throwIfAborted();
      const outcome = outcomeOf(run, compiled);
      count(outcome, dependencies);
      return outcome;
    },
  };
}

function count({ withheld, records }: Awaited<ReturnType<Executor['execute']>>, { observer }: RunServices): void {
  for (const { code } of withheld) observer.count('tereze_withheld_total', { code });
  for (const { register, verdict } of records) observer.count('tereze_records_total', { register, verdict });
}
