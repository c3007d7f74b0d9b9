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
import type { HostedDocuments } from './without-host.js';

export interface ApolloDependencies {
  readonly schema: GraphQLSchema;
  readonly supergraphSdl: string;
  readonly run: QuestionRun;
  readonly observer: Observer;
  /** Gets each document that the executor is asked for. */
  readonly hosted: HostedDocuments;
  /** The most tokens of a document. The plan stage has refused larger documents before. */
  readonly maxTokens: number;
  /** Whether the plan stage lets `__schema` and `__type` through. */
  readonly introspection: boolean;
}

/**
 * Makes the Apollo Server that hosts planned questions. Every feature that could answer without the
 * pipeline is off: persisted queries, landing page, reporting, stack traces, and introspection of a
 * governed schema. The response is always the recorded answer, never Apollo's own result.
 */
export function createApolloServer(dependencies: ApolloDependencies): ApolloServer<ApolloContextValue> {
  return new ApolloServer<ApolloContextValue>({
    gateway: createGatewayInterface(dependencies),
    introspection: dependencies.introspection,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: true,
    persistedQueries: false,
    // It gets a text once, mostly, so it keeps none: documents that were planned are kept by the preparer.
    documentStore: null,
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
          // The log commits to this body, so Apollo's own form of the same errors is not sent.
          response.body = { kind: 'single', singleResult: body };
        },
      };
    },
  };
}

/** Logs that Apollo had a message, without its text, which may quote a document. */
function silentLogger(observer: Observer): Record<'debug' | 'info' | 'warn' | 'error', () => void> {
  const tell = (level: 'warn' | 'error') => () => observer.log(level, 'apollo_server');
  return { debug: () => undefined, info: () => undefined, warn: tell('warn'), error: tell('error') };
}
