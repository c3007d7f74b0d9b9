import type { Recorded } from '../request.js';
import { documentStatus } from './document-status.js';

/** A recorded request as HTTP: status and JSON body. */
export interface Rendered<Body> {
  readonly status: number;
  readonly body: Body;
}

/** GraphQL's response members (GraphQL spec, section 7.1). */
export interface GraphqlBody {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { readonly message: string }[];
  readonly extensions: Record<string, unknown>;
}

/** `{data?, errors?, extensions}`: the first two exactly as committed to in the log, the receipt beside them. `accept`: the client's header of this name. */
export function renderGraphql(recorded: Recorded, accept?: string): Rendered<GraphqlBody> {
  const { result, refusal } = recorded;
  return {
    status: refusal === undefined ? 200 : documentStatus(refusal, accept),
    body: {
      ...(result.errors === undefined ? {} : { errors: result.errors as NonNullable<GraphqlBody['errors']> }),
      ...(result.data === undefined ? {} : { data: result.data as Record<string, unknown> | null }),
      extensions: { tereze: terezeExtension(recorded) },
    },
  };
}

function terezeExtension({ requestId, receipt, report }: Recorded): Record<string, unknown> {
  return { requestId, ...(receipt === undefined ? {} : { receipt }), ...(report ?? {}) };
}

/** `{data?, errors?, extensions}` of the surfaces that are not GraphQL: the same members, the same receipt. */
export function renderAct(recorded: Recorded): Rendered<unknown> {
  return renderGraphql(recorded);
}
