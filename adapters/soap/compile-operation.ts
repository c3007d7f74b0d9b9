import type { FullSource } from './full-form.js';
import type { SoapOperation } from './operations-source.js';
import type { QuestionFacts, QuestionParts, SoapProfile } from './profile.js';
import { compileTemplate } from './template/compile-template.js';

/** An operation ready to be asked. */
export interface CompiledOperation {
  readonly name: string;
  /** Whether the mapping names it. The short form has one operation without a name. */
  readonly isNamed: boolean;
  readonly source: SoapOperation;
  readonly write: (facts: QuestionFacts) => QuestionParts;
  /** Whether the message says what is to be read, so that groups that read different fields are asked apart. */
  readonly asksSelection: boolean;
}

/** Compiles every operation of a source. Throws an error that names the operation. */
export function compileOperations(source: FullSource, profile: SoapProfile): ReadonlyMap<string, CompiledOperation> {
  return new Map(
    Object.entries(source.operations).map(([name, operation]) => {
      const { placeholders } = compileTemplate(operation.request.body, source.names);
      return [
        name,
        {
          name,
          isNamed: source.hasNames,
          source: operation,
          write: profile.compile(name, operation),
          asksSelection: placeholders.some((placeholder) => placeholder.name === 'select'),
        },
      ];
    }),
  );
}
