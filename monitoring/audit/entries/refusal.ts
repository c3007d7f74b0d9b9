import { requestFields, type RequestFacts, type RequestFields } from './request.js';

/** An authenticated request that ended without data and without a register call. */
export interface RefusalBody extends RequestFields<'refusal'> {
  readonly code: string;
  readonly reasons: readonly string[];
  readonly subjects: readonly string[];
  readonly categories: readonly string[];
  readonly policySet: string | null;
  readonly answer: string | null;
}

/** Returns the entry of an authenticated request that was refused before its intent was written. */
export function refusalEntry({
  request,
  at,
  code,
  reasons,
  subjects,
  categories,
  policySet,
  answer,
}: RequestFacts<RefusalBody>): RefusalBody {
  return { ...requestFields('refusal', request, at), code, reasons, subjects, categories, policySet, answer };
}
