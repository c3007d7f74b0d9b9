import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLSchema } from 'graphql';
import type { Observer } from '../../../schemas/ports/observer.js';
import { Refusal } from '../../../schemas/refusal.js';
import { refusalHeaders, renderGraphql } from '../respond.js';
import { createGatewayInterface } from './gateway-interface.js';
import type { ApolloContextValue, QuestionRun } from './hosted.js';

export interface ApolloDependencies {
  readonly schema: GraphQLSchema;
  readonly supergraphSdl: string;
  readonly run: QuestionRun;
  readonly observer: Observer;
  /** Tokens of a document at most; the plan stage has refused larger ones before. */
  readonly maxTokens: number;
  /** Whether the plan stage lets `__schema` and `__type` through. */
  readonly introspection: boolean;
}

/**
 * Apollo Server as the host of planned questions. Everything that could answer beside the pipeline
 * is off: persisted queries, landing page, reporting, stack traces, and introspection where documents
 * are governed. What leaves is what was recorded, whatever Apollo made of it on the way.
 */
export function createApolloServer(dependencies: ApolloDependencies): ApolloServer<ApolloContextValue> {
  return new ApolloServer<ApolloContextValue>({
    gateway: createGatewayInterface(dependencies),
    introspection: dependencies.introspection,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: true,
    persistedQueries: false,
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    stopOnTerminationSignals: false,
    nodeEnv: 'production',
    parseOptions: { maxTokens: dependencies.maxTokens },
    logger: silentLogger(dependencies.observer),
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      sendRecorded(dependencies.run),
    ],
  });
}

/** The last hook before the response is sent: its body becomes exactly the recorded answer. */
function sendRecorded(run: QuestionRun): ApolloServerPlugin<ApolloContextValue> {
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ contextValue: { apolloContext }, response }) {
          apolloContext.recorded ??= await run.refuse(apolloContext.planned, new Refusal('INTERNAL_SERVER_ERROR'));
          const { status, body } = renderGraphql(apolloContext.recorded);
          for (const [name, value] of Object.entries(refusalHeaders(apolloContext.recorded.refusal)))
            response.http.headers.set(name.toLowerCase(), value);
          response.http.status = status;
          // The body was committed to in the log; Apollo's own form of the same errors is not sent.
          response.body = { kind: 'single', singleResult: body };
        },
      };
    },
  };
}

/** Apollo's messages may quote documents: only that there was one is logged. */
function silentLogger(observer: Observer): Record<'debug' | 'info' | 'warn' | 'error', () => void> {
  const tell = (level: 'warn' | 'error') => () => observer.log(level, 'apollo_server');
  return { debug: () => undefined, info: () => undefined, warn: tell('warn'), error: tell('error') };
}
