import type { Derive } from '../../../policies/disclosure/port.js';
import { bareObject } from '../../../schemas/objects.js';
import type { FieldDerivation } from '../reads/read-field.js';
import type { DataObject } from '../fetch/entity-paths.js';

export type DerivationContext = Parameters<Derive>[1];

/** What derivations of one execution are given. The fact date is asked for once, and only where something is derived: most questions derive nothing. */
export function derivationContext(
  factDate: () => string,
  { receiver, caseNumber }: Omit<DerivationContext, 'factDate'>,
): DerivationContext {
  let known: string | undefined;
  return {
    receiver,
    caseNumber,
    get factDate() {
      return (known ??= factDate());
    },
  };
}

/** The value of a derived field, from the record as the register sent it. */
export function deriveValue(
  { derive, sources }: FieldDerivation,
  record: DataObject,
  context: DerivationContext,
): unknown {
  const values = bareObject();
  for (const { name, responseKey } of sources) values[name] = record[responseKey] ?? undefined;
  return derive(values, context) ?? null;
}
