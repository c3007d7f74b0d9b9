import { buildASTSchema, Kind, parse, type OperationDefinitionNode } from 'graphql';
import { GrantedFieldsCompiler } from '../../../gateway/execution/gate/granted-fields.js';
import type { FetchContext } from '../../../gateway/execution/fetch/prepared-calls.js';
import type { Execution } from '../../../gateway/execution/port.js';
import { fieldGovernance } from '../../../gateway/execution/reads/field-governance.js';
import { Run } from '../../../gateway/execution/run.js';
import { supergraphTypes } from '../../../schemas/catalogue/supergraph-types.js';
import type { Observer } from '../../../schemas/ports/observer.js';
import { silentObserver, standingClock } from '../../doubles.js';
import { fakeGate, NO_CONTRACTS, world, type FakeAdapter, type Holdings } from './harness.js';
import { AccessRecord } from '../../../gateway/access/access-record.js';
import { NOTHING_GOVERNED } from '../../../schemas/catalogue/governance-index.js';

interface SmallFetches extends FetchContext {
  readonly adapters: ReadonlyMap<string, FakeAdapter>;
}

/** Returns what the fetches of these registers are compiled with. */
export function smallFetches(
  registers: Readonly<Record<string, { readonly sdl: string } & Holdings>>,
  activeConditions: readonly string[] = [],
): SmallFetches {
  const { catalogue, adapters } = world(registers, { unlinted: true });
  const types = supergraphTypes(
    buildASTSchema(parse(catalogue.supergraphSdl), { assumeValid: true, assumeValidSDL: true }),
  );
  return {
    types,
    index: catalogue.governance,
    governance: (register) =>
      fieldGovernance(register, {
        index: catalogue.governance,
        derivations: new Map(),
        footprint: [],
        rootTypes: new Set(['Query']),
      }),
    adapters,
    grantedFields: new GrantedFieldsCompiler(types, NO_CONTRACTS),
    activeConditions: new Set(activeConditions),
  };
}

/** Returns the only operation of a document. */
export function operationOf(text: string): OperationDefinitionNode {
  const [node] = parse(text).definitions;
  if (node?.kind !== Kind.OPERATION_DEFINITION) throw new Error('the document starts with no operation');
  return node;
}

/** Returns an execution of nothing, changed by `work`. */
export function smallRun(work: Partial<Execution> = {}, observer: Observer = silentObserver()): Run {
  return new Run(
    {
      requestId: 'r-1',
      accessRecord: new AccessRecord('r-1'),
      planned: {} as Execution['planned'],
      variables: {},
      gate: fakeGate(),
      deadline: 60_000,
      onBehalfOf: { system: 's', purpose: 'p' },
      receiver: 'agency',
      caseNumber: 'C-1',
      atomic: false,
      ...work,
    },
    { clock: standingClock(), observer, registerTimeoutMs: () => 1000, governance: NOTHING_GOVERNED },
  );
}
