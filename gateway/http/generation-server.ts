import type { IncomingMessage, ServerResponse } from 'node:http';
import { expressMiddleware } from '@as-integrations/express5';
import type { Express } from 'express';
import type { GraphQLSchema } from 'graphql';
import { withDeadline } from '../../schemas/with-deadline.js';
import type { LimitsConfig } from '../config/parts/limits.js';
import type { ApolloContext } from './apollo/hosted.js';
import { createApolloServer } from './apollo/server.js';
import type { HostedDocuments } from './apollo/without-host.js';
import type { Connections } from './connections/connections.js';
import { InFlight } from './in-flight.js';
import { createErrorHandler, type ErrorHandler } from './error-handler.js';
import { answerLive, asksForLive } from './health.js';
import { createGraphqlHandler, type GraphqlHandler } from './graphql-handler.js';
import { createRefuseStranger, NO_STRANGERS, type StrangersDependencies } from './strangers.js';
import { createRoutes, setLocals, type RoutesDependencies, type PipelineRuns } from './routes.js';

/** One generation as HTTP sees it: the pipeline over a schema, and what a host of questions needs to know. */
export interface ServedGeneration {
  readonly runs: PipelineRuns;
  readonly schema: GraphQLSchema;
  /** Whether callers may ask about the schema. */
  readonly introspection: boolean;
  readonly supergraphSdl: string;
  readonly limits: LimitsConfig;
  /** Whether only callers with a token are answered. */
  readonly needsToken: boolean;
}

/** What stays when one generation replaces another. */
export type GenerationServerDependencies = Omit<
  RoutesDependencies,
  'runs' | 'handleGraphql' | 'apollo' | 'answerMs' | 'refuseStranger'
> &
  Pick<StrangersDependencies, 'connections'>;

/** The address of questions as clients write it. Other spellings that Express treats alike go through its routes. */
const QUESTIONS = /^\/graphql(?:\?|$)/;

/**
 * Answers requests by one generation. It answers every request that it takes, even after another
 * generation replaces it.
 */
export class GenerationServer {
  readonly #routes: Express;
  readonly #handleGraphql: GraphqlHandler;
  readonly #answerFailure: ErrorHandler['answerFailure'];
  readonly #answerInTurn: Connections['answerInTurn'];
  readonly #inside = new InFlight();
  readonly #endApollo: () => Promise<void>;

  private constructor({ routes, handleGraphql, answerFailure, answerInTurn, endApollo }: Opened) {
    this.#routes = routes;
    this.#handleGraphql = handleGraphql;
    this.#answerFailure = answerFailure;
    this.#answerInTurn = answerInTurn;
    this.#endApollo = endApollo;
  }

  static async open(
    { runs, schema, introspection, supergraphSdl, limits, needsToken }: ServedGeneration,
    dependencies: GenerationServerDependencies,
  ): Promise<GenerationServer> {
    const hosted: HostedDocuments = new WeakSet();
    const apollo = createApolloServer({
      schema,
      supergraphSdl,
      run: runs.graphql,
      observer: dependencies.observer,
      hosted,
      introspection,
      maxTokens: limits.document.tokens + 1,
    });
    await apollo.start();
    const middleware = expressMiddleware(apollo, {
      context: async ({ res }) => ({ apolloContext: res.locals['apolloContext'] as ApolloContext }),
    });
    const answerMs = limits.answer_ms;
    const refuseStranger = needsToken ? createRefuseStranger(dependencies) : NO_STRANGERS;
    const handleGraphql = createGraphqlHandler({
      ...dependencies,
      run: runs.graphql,
      hosted,
      answerMs,
      refuseStranger,
    });
    return new GenerationServer({
      routes: createRoutes({ ...dependencies, runs, answerMs, handleGraphql, refuseStranger, apollo: middleware }),
      handleGraphql,
      answerFailure: createErrorHandler(dependencies).answerFailure,
      answerInTurn: (request, answer) => dependencies.connections.answerInTurn(request, answer),
      endApollo: () => apollo.stop(),
    });
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    response.once('close', this.#inside.enter());
    if (asksForLive(request)) this.#answerInTurn(request, () => answerLive(request, response));
    else if (QUESTIONS.test(request.url ?? '')) this.#takeQuestion(request, response);
    else this.#routes(request, response);
  }

  /** Resolves when every request that it took is answered, or after this many milliseconds. */
  async leave(deadlineMs: number): Promise<void> {
    await withDeadline(this.#inside.idle(), deadlineMs, () => undefined);
    await this.#endApollo();
  }

  #takeQuestion(request: IncomingMessage, response: ServerResponse): void {
    this.#handleGraphql(request, response, (question) => {
      setLocals(response, question);
      this.#routes(request, response);
    }).catch((error: unknown) => this.#answerFailure(error, request, response));
  }
}

interface Opened {
  readonly routes: Express;
  readonly handleGraphql: GraphqlHandler;
  readonly answerFailure: ErrorHandler['answerFailure'];
  readonly answerInTurn: Connections['answerInTurn'];
  readonly endApollo: () => Promise<void>;
}
