import { GraphQLError, type ExecutionResult, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import { Refusal } from '../../../schemas/refusal.js';
import type { Recorded } from '../../request.js';
import type { ApolloContextValue, ApolloContext, QuestionRun } from './hosted.js';
import type { HostedDocuments } from './without-host.js';

interface LoadedSchema {
  readonly apiSchema: GraphQLSchema;
  readonly coreSupergraphSdl: string;
}

interface ExecutorContext {
  /** Apollo passes this value through unchanged; this is its type for it. */
  readonly context: object;
}

/** The same structure as Apollo Server's `GatewayInterface`: schema in, executor out. */
export interface GatewayInterface {
  onSchemaLoadOrUpdate(callback: (loaded: LoadedSchema) => void): () => void;
  load(): Promise<{ executor: (context: ExecutorContext) => Promise<ExecutionResult> }>;
  stop(): Promise<void>;
}

/**
 * Puts our executor behind Apollo Server's gateway interface. The executor finishes the request in
 * the pipeline and returns the recorded result.
 */
export function createGatewayInterface({
  schema,
  supergraphSdl,
  run,
  hosted,
}: {
  schema: GraphQLSchema;
  supergraphSdl: string;
  run: QuestionRun;
  hosted: HostedDocuments;
}): GatewayInterface {
  const listeners = new Set<(loaded: LoadedSchema) => void>();
  return {
    onSchemaLoadOrUpdate(callback) {
      listeners.add(callback);
      return () => void listeners.delete(callback);
    },
    async load() {
      for (const listener of listeners) listener({ apiSchema: schema, coreSupergraphSdl: supergraphSdl });
      return {
        executor: ({ context }) => {
          const { apolloContext } = context as ApolloContextValue;
          hosted.add(apolloContext.planned.work.planned);
          return finishOnce(apolloContext, run);
        },
      };
    },
    async stop() {
      listeners.clear();
    },
  };
}

async function finishOnce(apolloContext: ApolloContext, run: QuestionRun): Promise<ExecutionResult> {
  if (apolloContext.recorded !== undefined) throw new Refusal('INTERNAL_SERVER_ERROR');
  apolloContext.recorded = await run.finish(apolloContext.planned);
  return executionResult(apolloContext.recorded);
}

function executionResult({ result }: Recorded): ExecutionResult {
  const errors = (result.errors as readonly GraphQLFormattedError[] | undefined)?.map(
    ({ message, path, extensions }) =>
      new GraphQLError(message, { ...(path ? { path } : {}), ...(extensions ? { extensions } : {}) }),
  );
  return { data: (result.data ?? null) as Record<string, unknown> | null, ...(errors ? { errors } : {}) };
}
