import type { FullSource } from './source/full-form.js';
import type { SoapOperation } from './source/operations-source.js';
import { CONSENT_KEY, CONSENT_TOKEN } from './question-values.js';
import type { QuestionFacts, QuestionParts, SoapProfile } from './profiles/profile.js';
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
  /** Whether the message holds a token of consent of each person that it asks about. */
  readonly asksConsent: boolean;
}

/** Compiles every operation of a source. Throws an error that names the operation. */
export function compileOperations(source: FullSource, profile: SoapProfile): ReadonlyMap<string, CompiledOperation> {
  return new Map(
    Object.entries(source.operations).map(([name, operation]) => {
      const { header = {}, body } = operation.request;
      const names = new Set(
        [header, body]
          .flatMap((template) => compileTemplate(template, source.names).placeholders)
          .map((one) => one.name),
      );
      return [
        name,
        {
          name,
          isNamed: source.hasNames,
          source: operation,
          write: profile.compile(name, operation),
          asksSelection: names.has('select'),
          asksConsent: names.has(CONSENT_TOKEN) || names.has(CONSENT_KEY),
        },
      ];
    }),
  );
}
