import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import { errors } from 'oidc-provider';
import { readBody } from '../registers/http-register.js';
import { playedSignIn } from './played-assurance.js';
import type { SignInLists } from './sign-in-list.js';
import { problemPage, signInPage } from './sign-in-page.js';

export const SIGN_IN_PATH = '/sign-in/';

/**
 * Serves the sign-in: `GET` shows the people who can sign in through the application, `POST` takes the choice from the
 * body (a citizen's number as `iin`, an officer's id as `officer`), signs that person in and grants what was asked for.
 */
export async function signIn(
  provider: Provider,
  lists: SignInLists,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const { params } = await provider.interactionDetails(request, response);
    const list = lists.of(String(params['client_id']));
    const show = (status: number, problem?: string): void => {
      page(response, status, signInPage(request.url ?? '', list, problem));
    };
    if (request.method === 'GET') {
      show(200);
    } else if (request.method === 'POST') {
      const accountId = list.signIn(new URLSearchParams(await readBody(request)).get(list.field) ?? '');
      if (accountId === undefined) show(400, 'No one can sign in with this choice.');
      else await finish(provider, { accountId, params }, request, response);
    } else {
      show(405, 'Use the form.');
    }
  } catch (error) {
    if (!(error instanceof errors.SessionNotFound)) throw error;
    page(response, 400, problemPage('This sign-in has ended. Start again in the application.'));
  }
}

async function finish(
  provider: Provider,
  { accountId, params }: { readonly accountId: string; readonly params: Readonly<Record<string, unknown>> },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const grant = new provider.Grant({ accountId, clientId: String(params['client_id']) });
  if (typeof params['scope'] === 'string') grant.addOIDCScope(params['scope']);
  const result = {
    login: { accountId, acr: playedSignIn(params['acr_values']) },
    consent: { grantId: await grant.save() },
  };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

function page(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    'Referrer-Policy': 'no-referrer',
  });
  response.end(html);
}
