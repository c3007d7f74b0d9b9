import type { FailureReason } from '../../schemas/failures/register-failure.js';

/** Why a value of a record cannot be read as its field. */
export type ValueReason = Extract<
  FailureReason,
  'value_type' | 'value_precision' | 'value_code_unknown' | 'discriminator_unknown' | 'graphql_errors'
>;

/** Stands for a value that cannot be read. It holds nothing of the value. */
export class ValueFault {
  /** `isFinding`: the mapping says that such a value is null, which is not an error but told as a finding. */
  constructor(
    readonly reason: ValueReason,
    readonly isFinding = false,
  ) {}
}

/** A value in whose place a GraphQL service has an error. */
export const GRAPHQL_ERROR = new ValueFault('graphql_errors');
export const VALUE_TYPE = new ValueFault('value_type');
export const VALUE_PRECISION = new ValueFault('value_precision');
export const CODE_UNKNOWN = new ValueFault('value_code_unknown');
/** A code that is not in the list, where the mapping says that it is null. */
export const CODE_DROPPED = new ValueFault('value_code_unknown', true);
