import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../schemas/ports/clock.js';
import type { Observer } from '../../schemas/ports/observer.js';
import type { Random } from '../../schemas/ports/random.js';
import { ERROR_CATALOGUE } from '../../schemas/errors.js';
import { LANGUAGES, type Language } from '../../schemas/language.js';
import { Refusal } from '../../schemas/refusal.js';
import { discardThen, readFormBody } from '../http/body.js';
import { preferredLanguage } from '../http/negotiate.js';
import { refusalHeaders } from '../http/respond.js';
import type { Officers } from '../officers/officer.js';
import type { OfficersPages, PageAdmission } from '../officers/pages.js';
import { refusalOf } from '../officers/refusal-of.js';
import { languageOfAddress, pathOf } from './addresses.js';
import type { Assets } from './assets.js';
import type { Cookies } from './cookies.js';
import { layoutData } from './layout.js';
import type { Page, PageAnswer, PageRequest } from './page.js';
import { isFormOf, type OfficerSession, type Sessions } from './session.js';
import type { Render } from './view/render.js';
import type { Texts } from './view/texts.js';
import type { Times } from './view/times.js';

export interface PagesDependencies {
  readonly pages: readonly Page[];
  readonly assets: Assets;
  readonly sessions: Sessions;
  readonly cookies: Cookies;
  readonly officers: Pick<Officers, 'find'>;
  readonly render: Render;
  readonly texts: Readonly<Record<Language, Texts>>;
  readonly times: Readonly<Record<Language, Times>>;
  /** Origin of the issuer, to which a form may lead: that of signing out. */
  readonly issuerOrigin: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Pick<Random, 'uuid'>;
  readonly observer: Observer;
}

/** Path of the interface, which is no page. */
const INTERFACE = /^\/audit\/v1(?:\/|$)/;

/**
 * Makes what answers browsers. A page for officers needs a session; without one the answer leads to the sign-in. Those who have
 * none are answered in turn, and a form is read only with the token of its session.
 */
export function createPages(dependencies: PagesDependencies): OfficersPages {
  return {
    takes: ({ url = '' }) => !INTERFACE.test(pathOf(url)),
    answer: (request, response, admission) => {
      const { sessions, cookies, assets, random } = dependencies;
      response.once('close', admission.inFlight.enter());
      const session = sessions.find(cookies.read(request.headers.cookie, 'session'));
      const inTurn = (send: () => void): void =>
        discardThen(request, () => admission.connections.answerInTurn(request, send));
      const asset = assets.find(request.url ?? '');
      if (asset !== undefined) {
        const send = (): void => sendText(response, { status: 200, ...asset });
        if (session === undefined) inTurn(send);
        else discardThen(request, send);
        return;
      }
      if (session !== undefined) admission.connections.known(request);
      const asking = { request, response, requestId: random.uuid(), session, admission };
      const answered = (): void =>
        void answer(asking, dependencies)
          .then((made) => send(asking, made, dependencies))
          .catch((error: unknown) => send(asking, errorPage(asking, error, dependencies), dependencies))
          .catch(() => response.destroy());
      if (session === undefined) inTurn(answered);
      else answered();
    },
  };
}

interface Asking {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly session: OfficerSession | undefined;
  readonly admission: PageAdmission;
}

async function answer(asking: Asking, dependencies: PagesDependencies): Promise<PageAnswer> {
  const { request, response, session, admission } = asking;
  const { page, parameters } = matched(dependencies.pages, request);
  const asked = { ...pageRequest(asking, dependencies), parameters };
  if (page.isPublic === true) return page.run(asked);
  if (session === undefined) return toSignIn(asked, request.method === 'GET');
  const registered = dependencies.officers.find(session.officer, session.officer.client);
  if (registered === undefined) throw new Refusal('OFFICER_NOT_REGISTERED');
  const officer = { ...session.officer, agency: registered.agency, roles: registered.roles };
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const leave = await admission.slots.enter({ caller: `${officer.issuer} ${officer.subject}`, weight: 1 }, gone.signal);
  try {
    const form = page.method === 'POST' ? await checkedForm(request, session, admission) : asked.form;
    return await page.run({ ...asked, form, session, officer });
  } finally {
    leave();
  }
}

/**
 * Reads the form of a session. Another site can make a browser send one, but knows no token of it.
 *
 * @throws Refusal `FORM_EXPIRED`.
 */
async function checkedForm(
  request: IncomingMessage,
  session: OfficerSession,
  { bodyLimits }: PageAdmission,
): Promise<URLSearchParams> {
  const from = request.headers['sec-fetch-site'] ?? 'same-origin';
  const form = await readFormBody(request, bodyLimits);
  if (from !== 'same-origin' || !isFormOf(session, form.get('form_token'))) throw new Refusal('FORM_EXPIRED');
  return form;
}

function pageRequest(
  { request, requestId }: Asking,
  { texts, times }: PagesDependencies,
  language = languageOf(request),
): Omit<PageRequest, 'parameters'> {
  const target = request.url ?? '/';
  return {
    ...{ requestId, language, target },
    t: texts[language],
    times: times[language],
    query: new URLSearchParams(target.slice(pathOf(target).length)),
    form: new URLSearchParams(),
    cookies: request.headers.cookie,
  };
}

/** The language is in the address; elsewhere what the browser prefers, Kazakh if it names none of ours. */
function languageOf({ url = '', headers }: IncomingMessage): Language {
  const named = languageOfAddress(url);
  if (named !== undefined) return named;
  return /\b(?:en|ru|kk)\b/i.test(headers['accept-language'] ?? '')
    ? preferredLanguage(headers['accept-language'])
    : 'kk';
}

/** An address that can be led back to is kept in that of the sign-in: it holds no number of a person. */
function toSignIn({ language, target }: Pick<PageRequest, 'language' | 'target'>, isBack: boolean): PageAnswer {
  const back = isBack ? `?${new URLSearchParams({ back: target }).toString()}` : '';
  return { kind: 'redirect', to: `/${language}/sign-in${back}` };
}

function matched(
  pages: readonly Page[],
  { method = '', url = '' }: IncomingMessage,
): { readonly page: Page; readonly parameters: Readonly<Record<string, string>> } {
  const found = pages.flatMap((page) => {
    const parameters = parametersOf(page.path, pathOf(url));
    return parameters === undefined ? [] : [{ page, parameters }];
  });
  if (found.length === 0) throw new Refusal('NOT_FOUND');
  const right = found.find(({ page }) => page.method === method);
  if (right === undefined) throw new Refusal('METHOD_NOT_ALLOWED', { reasons: found.map(({ page }) => page.method) });
  return right;
}

function parametersOf(template: string, path: string): Readonly<Record<string, string>> | undefined {
  const [wanted, given] = [template.split('/'), path.split('/')];
  if (wanted.length !== given.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [nth, part] of wanted.entries()) {
    const [name, text = ''] = [/^\{(\w+)\}$/.exec(part)?.[1], given[nth]];
    if (name === undefined ? part !== text : !/^[\w-]+$/.test(text)) return undefined;
    if (name === 'language' && !LANGUAGES.some((language) => language === text)) return undefined;
    if (name !== undefined) parameters[name] = text;
  }
  return parameters;
}

/** What was thrown, as a page: text from the catalogue, and whose turn it is. */
function errorPage(
  { request, requestId, session, admission }: Asking,
  error: unknown,
  { observer }: PagesDependencies,
): PageAnswer {
  const refusal = refusalOf(error);
  if (refusal.code === 'INTERNAL_SERVER_ERROR')
    observer.log('error', 'officer_page_failed', {
      requestId,
      failure: refusal.cause instanceof Error ? refusal.cause.name : typeof refusal.cause,
    });
  const { code } = refusal;
  if (session === undefined) admission.connections.countRefused(request, code);
  else {
    const { agency, client: system } = session.officer;
    admission.countRefused({ code, source: admission.connections.sourceOf(request).name, agency, system });
  }
  return { kind: 'page', ...shownError(refusal, { requestId, language: languageOf(request) }) };
}

/** Returns a refusal as a page. */
function shownError(
  refusal: Refusal,
  { requestId, language }: Pick<PageRequest, 'requestId' | 'language'>,
): { readonly status: number; readonly template: string; readonly data: Readonly<Record<string, unknown>> } {
  const { code, status, actor, reasons, endsAt } = refusal;
  const { text, retryable } = ERROR_CATALOGUE[code];
  const shown = { code, text: text[language], actor, retryable, reasons, endsAt, requestId };
  return { status, template: 'error', data: { refusal: shown, headers: refusalHeaders(refusal) } };
}

function send(asking: Asking, made: PageAnswer, dependencies: PagesDependencies): void {
  const { request, response } = asking;
  const { observer, issuerOrigin } = dependencies;
  if (made.kind === 'redirect') {
    const headers = { Location: made.to, ...setCookies(made.cookies) };
    sendText(response, { status: 303, type: 'text/plain; charset=utf-8', body: '', headers });
  } else if (made.kind === 'data') {
    sendText(response, { status: 200, type: 'application/json; charset=utf-8', body: JSON.stringify(made.body) });
  } else {
    const { status = 200, template, data } = made;
    const by = pageRequest(asking, dependencies, made.language);
    const session = dependencies.sessions.find(dependencies.cookies.read(request.headers.cookie, 'session'));
    const layout = layoutData({ ...by, template, session, assets: dependencies.assets, now: dependencies.clock.now() });
    const body = dependencies.render(template, { ...data, layout }, by);
    const headers = {
      ...(data['headers'] as Readonly<Record<string, string>> | undefined),
      ...setCookies(made.cookies),
      'Content-Security-Policy': contentPolicy(issuerOrigin),
      'Content-Language': by.language,
    };
    sendText(response, { status, type: 'text/html; charset=utf-8', body, headers });
  }
  const isRefused = made.kind === 'page' && (made.status ?? 200) >= 400;
  observer.count('tereze_requests_total', {
    surface: 'page',
    outcome: isRefused ? 'refused' : 'answered',
    code: isRefused
      ? String((made.data['refusal'] as { readonly code?: string } | undefined)?.code ?? 'AUDIT_REQUEST_INVALID')
      : 'none',
  });
}

const setCookies = (cookies: readonly string[] = []): Readonly<Record<string, readonly string[]>> =>
  cookies.length === 0 ? {} : { 'Set-Cookie': cookies };

/** Everything comes from this origin, and there is no script in a page. A form may lead to the issuer, to sign out. */
function contentPolicy(issuerOrigin: string): string {
  return [
    ...["default-src 'self'", "base-uri 'none'", "object-src 'none'", "frame-ancestors 'none'"],
    `form-action 'self' ${issuerOrigin}`,
  ].join('; ');
}

interface SentText {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Only for what is the same for everyone. */
  readonly caching?: string;
}

function sendText(
  response: ServerResponse,
  { status, type, body, headers = {}, caching = 'no-store' }: SentText,
): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, {
    'Cache-Control': caching,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'same-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
    ...(headers as Record<string, string>),
  });
  response.end(body);
}
