import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import { errors } from 'oidc-provider';
import { readBody } from '../registers/http-register.js';
import type { Citizens } from './citizens.js';
import { playedSignIn } from './played-assurance.js';
import { signInPage } from './sign-in-page.js';

export const SIGN_IN_PATH = '/sign-in/';

/**
 * Serves the sign-in: `GET` shows the list, `POST` takes the number from the body (`iin`), signs
 * that person in and grants what the application asked for.
 */
export async function signIn(
  provider: Provider,
  citizens: Citizens,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const show = (status: number, problem?: string): void => {
    page(response, status, signInPage(request.url ?? '', citizens.listed, problem));
  };
  try {
    if (request.method === 'GET') {
      await provider.interactionDetails(request, response);
      show(200);
    } else if (request.method === 'POST') {
      const accountId = citizens.signIn(new URLSearchParams(await readBody(request)).get('iin') ?? '');
      if (accountId === undefined) show(400, 'No one can sign in with this number.');
      else await finish(provider, accountId, request, response);
    } else {
      show(405, 'Use the form.');
    }
  } catch (error) {
    if (!(error instanceof errors.SessionNotFound)) throw error;
    show(400, 'This sign-in has ended. Start again in the application.');
  }
}

async function finish(
  provider: Provider,
  accountId: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { params } = await provider.interactionDetails(request, response);
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
