import { ENTRY_SCHEMA_VERSION, type CompletionBody, type IntentBody } from './entries.js';

/** The completion of a request whose end nobody knows: what was intended, and that nothing is known to have been disclosed. */
export function unknownCompletion(intent: IntentBody, now: Date): CompletionBody {
  const {
    requestId,
    surface,
    purpose,
    case: matter,
    documentHash,
    documentName,
    operationName,
    caller,
    subjects,
    policySet,
    catalogue,
  } = intent;
  return {
    schemaVersion: ENTRY_SCHEMA_VERSION,
    kind: 'completion',
    requestId,
    at: now.toISOString(),
    surface,
    purpose,
    case: matter,
    documentHash,
    documentName,
    operationName,
    caller,
    outcome: 'unknown',
    subjects,
    disclosed: [],
    withheld: [],
    registers: [],
    policySet,
    catalogue,
    answer: null,
    durationMs: Math.max(0, now.getTime() - Date.parse(intent.at)),
  };
}
