import { createServer } from 'node:http';
import { stripIgnoredCharacters } from 'graphql';
import express, { type Express, type Request } from 'express';
import type { TrustedDocuments } from '../../schemas/operations/load-documents.js';
import { CommandFailure } from '../../gateway/cli/command-failure.js';
import { listen, type Listener } from '../registers/listener.js';
import type { Asker } from './asker.js';
import { graphiqlPage, type Page } from './page.js';
import type { Introspection } from './schema.js';
import { AS_CITIZEN, AS_CLIENT, CASE, tabsOf } from './tabs.js';

export interface GraphiqlOptions {
  readonly host: string;
  readonly port: number;
  readonly documents: TrustedDocuments;
  readonly ask: Asker;
  readonly introspection: Introspection;
}

const MAX_BODY = '100kb';

/** Serves GraphiQL to browsers on this machine, and sends its questions with the token and proof of the client that a tab names. */
export function serveGraphiql(options: GraphiqlOptions): Promise<Listener> {
  return listen(createServer(graphiqlApp(options)), options.host, options.port);
}

function graphiqlApp({ documents, ask, introspection }: GraphiqlOptions): Express {
  const trusted = new Map(documents.all.map(({ name, text }) => [withoutSpaces(text), name]));
  let page: Page | undefined;
  const app = express().disable('x-powered-by').disable('etag');
  app.use((request, response, next) => {
    response.set({
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
    });
    if (isOwnPage(request)) return next();
    // Another site in the same browser must not ask in the name of the demo's clients.
    response.status(403).json(failure('This page answers only itself.'));
  });
  app.get('/', (_, response) => {
    const { html, contentSecurityPolicy } = (page ??= graphiqlPage(tabsOf(documents.all)));
    response.set('Content-Security-Policy', contentSecurityPolicy).type('html').send(html);
  });
  app.post('/graphql', express.json({ limit: MAX_BODY }), async (request, response) => {
    if (request.is('application/json') === false)
      return void response.status(415).json(failure('Send application/json.'));
    const { query } = request.body as Question;
    const schema = typeof query === 'string' ? introspection(query) : undefined;
    if (schema !== undefined) return void response.json(schema);
    try {
      const { status, text } = await ask(whoOf(request), questionOf(request.body as Question, trusted));
      response.status(status).type('json').send(text);
    } catch (error) {
      if (!(error instanceof CommandFailure)) throw error;
      response.status(400).json(failure([error.message, error.hint].filter(Boolean).join('. ')));
    }
  });
  return app;
}

/** DNS rebinding brings another host's name here; a page of another site brings its origin. */
function isOwnPage({ headers }: Request): boolean {
  const { host = '', origin } = headers;
  return /^(127\.\d+\.\d+\.\d+|localhost)(:\d+)?$/.test(host) && (origin === undefined || origin === `http://${host}`);
}

function whoOf(request: Request): Parameters<Asker>[0] {
  const [client, citizen, matter] = [AS_CLIENT, AS_CITIZEN, CASE].map((name) => request.get(name));
  return { client, citizen, case: matter };
}

interface Question {
  readonly query?: unknown;
  readonly variables?: unknown;
  readonly operationName?: unknown;
}

/** A trusted document is asked by its name, as its callers ask it: an AI service may ask nothing else. GraphiQL sends it without comments and spaces. */
function questionOf({ query, variables, operationName }: Question, trusted: ReadonlyMap<string, string>): object {
  const documentId = typeof query === 'string' ? trusted.get(withoutSpaces(query)) : undefined;
  const given = { ...(variables ? { variables } : {}) };
  return documentId === undefined
    ? { query, ...given, ...(operationName ? { operationName } : {}) }
    : { documentId, ...given };
}

/** As it is where it is no GraphQL: the gateway says so. */
function withoutSpaces(query: string): string {
  try {
    return stripIgnoredCharacters(query);
  } catch {
    return query;
  }
}

function failure(message: string): object {
  return { errors: [{ message, extensions: { code: 'DEMO' } }] };
}
