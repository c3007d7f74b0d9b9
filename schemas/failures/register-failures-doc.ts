import { FAILURE_ADVICE } from './register-failure-advice.js';
import { factsOf, REGISTER_FAILURES, type FailureReason } from './register-failure.js';

const INTRODUCTION = `# When a register fails

Each failure of a register has one reason of this list. The same id is in the log line \`register_call_failed\`, in the
metric \`tereze_register_failures_total{register,operation,reason}\`, in \`reason\` of the audit entry, and in the output of
\`register probe NAME --explain\`. None of these holds a value of a record or anything else that a register said.
\`operation\` of the metric is the operation of the mapping that failed. Where the mapping has no names for them (the short form,
SQL, a subgraph of a federation), or where single fields failed, it is the type whose records were read by their keys, or
the root field; \`several\` if one call read more than one of these, and \`other\` for a comparison of the schema, which reads no record.

Callers get the code of [errors.md](errors.md) that belongs to the kind. Where the reason concerns the caller, it is also
in \`extensions.reasons\`: it says that a value of theirs could not be read. The others are about the connection between
the gateway and the register, and stay inside. A register that asked for time is \`REGISTER_UNAVAILABLE\`, and
\`extensions.retryAt\` (RFC 3339) says when to come again, if the register said so.

The kind also decides about the breaker: \`malformed\` and \`unavailable\` do not open it. An id is never used again for
something else. A call that was broken off because no one waits any more, and a defect of the gateway itself, have no
reason.

This file is generated from \`schemas/failures/register-failure.ts\` and \`schemas/failures/register-failure-advice.ts\`.
`;

/** The exact text of the committed `docs/register-failures.md`: every reason of the list, in its order. */
export function registerFailuresDocument(): string {
  const reasons = Object.keys(REGISTER_FAILURES) as FailureReason[];
  return `${INTRODUCTION}\n${overview(reasons)}\n${reasons.map(section).join('\n')}`;
}

function overview(reasons: readonly FailureReason[]): string {
  const rows = reasons.map((reason) => {
    const { kind, isForCallers } = factsOf(reason);
    return `| [\`${reason}\`](#${reason}) | ${kind} | ${isForCallers === true ? 'yes' : 'no'} |`;
  });
  return ['| reason | kind | shown to callers |', '| --- | --- | --- |', ...rows, ''].join('\n');
}

function section(reason: FailureReason): string {
  const { cause, look, remedy } = FAILURE_ADVICE[reason];
  return [`## ${reason}`, '', `- Cause: ${cause}`, `- Look at: ${look}`, `- Remedy: ${remedy}`, ''].join('\n');
}
