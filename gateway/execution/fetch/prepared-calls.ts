import { LRUCache } from 'lru-cache';
import type { Adapter, PreparedFetch } from '../../../adapters/port.js';
import { bareObject } from '../../../schemas/objects.js';
import type { GovernanceIndex } from '../../../schemas/catalogue/governance.js';
import type { GrantedFieldsCompiler } from '../gate/granted-fields.js';
import type { ActiveConditions } from '../reads/conditions.js';
import { fetchSelection, type OperationFrame, type AskedField } from '../reads/subgraph-operation.js';
import type { FieldGovernance } from '../reads/field-governance.js';
import type { SupergraphTypes } from '../../../schemas/catalogue/supergraph-types.js';

/** What the fetches of one document are compiled with. */
export interface FetchContext {
  readonly types: SupergraphTypes;
  readonly index: GovernanceIndex;
  readonly governance: (register: string) => FieldGovernance;
  readonly adapters: ReadonlyMap<string, Adapter>;
  readonly grantedFields: GrantedFieldsCompiler;
  readonly activeConditions: ActiveConditions;
}

/** A selection as an adapter has prepared it. */
export interface PreparedCall {
  readonly prepared: PreparedFetch;
  /** Client variables that it uses. */
  readonly variables: readonly string[];
}

/** How many prepared calls of one fetch are kept. Consents decide which categories are denied, so there can be many combinations. */
const MAX_REMEMBERED = 64;

/** The calls of one fetch, prepared once for each combination of denied categories. */
export class PreparedCalls {
  readonly #calls = new LRUCache<string, PreparedCall>({ max: MAX_REMEMBERED });
  readonly #adapter: Adapter;
  readonly #frame: OperationFrame;

  constructor(adapter: Adapter, frame: OperationFrame) {
    this.#adapter = adapter;
    this.#frame = frame;
  }

  for(deniedKey: string, asked: () => readonly AskedField[]): PreparedCall {
    let call = this.#calls.get(deniedKey);
    if (!call) {
      const { selection, variables } = fetchSelection(asked(), this.#frame);
      this.#calls.set(deniedKey, (call = { prepared: this.#adapter.prepare(selection), variables }));
    }
    return call;
  }
}

export function adapterOf(register: string, { adapters }: FetchContext): Adapter {
  const adapter = adapters.get(register);
  if (!adapter) throw new Error(`the plan asks register ${register}, which has no adapter`);
  return adapter;
}

/** Returns the variables of these names that have a value. */
export function pick(
  names: readonly string[],
  variables: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const picked = bareObject();
  for (const name of names) if (Object.hasOwn(variables, name)) picked[name] = variables[name];
  return picked;
}
