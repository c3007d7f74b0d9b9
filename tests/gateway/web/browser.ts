import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { Config } from '../../../gateway/config/schema.js';
import { createPagesState, openPages, type PagesState } from '../../../gateway/web/open-pages.js';
import type { SignInIssuer } from '../../../gateway/web/sign-in/issuer.js';
import { completionDraft } from '../../monitoring/audit/drafts.js';
import { Refusal } from '../../../schemas/refusal.js';
import type { EvidenceSource } from '../../../gateway/web/pages/evidence.js';
import { readEvidence } from '../../../monitoring/audit/published/evidence.js';
import { signerOf } from '../../docs/verify/sample-log.js';
import type { Language } from '../../../schemas/language.js';
import { CLIENT, Desk, ISSUER, PUBLIC_URL, type PagesOf } from '../officers/desk.js';

/** An answer as a browser gets it. */
export interface Shown {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly html: string;
}

/** The officers' address with its pages, and an issuer that signs in the officer that the test names. */
export async function openDeskWithPages(publicUrl = PUBLIC_URL): Promise<PageDesk> {
  const opened: { desk?: Desk } = {};
  const signingIn: SigningIn = { officer: 'local', isDown: false };
  const issuer: SignInIssuer = {
    begin: async ({ state }) => new URL(`${ISSUER}/authorize?state=${state}`),
    finish: async () => {
      if (signingIn.isDown) throw new Refusal('ISSUER_UNAVAILABLE');
      const { authorization = '', dpop = '' } =
        (await opened.desk?.credentials(signingIn.officer, 'GET', '/sign-in/callback', signingIn.claims)) ?? {};
      return { accessToken: authorization.replace('DPoP ', ''), idToken: `id-of-${signingIn.officer}`, proof: dpop };
    },
    signOut: async (idToken) => new URL(`${ISSUER}/end?id_token_hint=${idToken}`),
  };
  let state: PagesState | undefined;
  const evidence: EvidenceSource = {
    of: (wanted) => readEvidence(opened.desk!.database.sql, wanted),
    keys: async () => [signerOf(1).verifierKey],
  };
  const pagesOf: PagesOf = (config, api, shared) =>
    openPages(config, api, {
      ...shared,
      state: (state ??= createPagesState(shared)),
      lawOf: (policy) => `law of ${policy}`,
      evidence,
      issuer,
    });
  const desk = (opened.desk = await Desk.open((config) => withPage(config, publicUrl), pagesOf));
  return { desk, signingIn, browser: () => new Browser(desk, signingIn) };
}

/** Returns a configuration with the pages. */
export function withPage(config: Config, publicUrl = PUBLIC_URL): Config {
  const { server } = config;
  if (server.audit === undefined) throw new Error('the configuration has no address for officers');
  return {
    ...config,
    server: { ...server, audit: { ...server.audit, public_url: publicUrl, page: { client_id: CLIENT } } },
  };
}

/** Who signs in at the issuer of the test, and whether it answers. */
interface SigningIn {
  officer: string;
  isDown: boolean;
  /** Claims of the token instead of the right ones. */
  claims?: Readonly<Record<string, unknown>>;
}

/** The pages of a test. */
export interface PageDesk {
  readonly desk: Desk;
  readonly signingIn: SigningIn;
  /** A browser without cookies. */
  readonly browser: () => Browser;
}

/** A browser without scripts: it keeps cookies, follows no redirect by itself, and sends the forms that a page has. */
export class Browser {
  readonly cookies = new Map<string, string>();
  readonly #desk: Desk;
  readonly #signingIn: { officer: string };

  constructor(desk: Desk, signingIn: { officer: string }) {
    this.#desk = desk;
    this.#signingIn = signingIn;
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Shown> {
    return this.#send('GET', path, headers);
  }

  post(
    path: string,
    form: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Shown> {
    return this.#send('POST', path, headers, new URLSearchParams(form).toString());
  }

  /** Sends a form of a page with its hidden fields, and what is filled in. */
  submit(page: Shown, action: string, filled: Readonly<Record<string, string>> = {}): Promise<Shown> {
    const form = formsOf(page.html).find((one) => one.action === action);
    if (form === undefined) throw new Error(`no form leads to ${action}`);
    return this.post(action, { ...form.hidden, ...filled });
  }

  /** Signs an officer in, through the issuer and back. Resolves with the page after it. */
  async signIn(officer = 'local', language: Language = 'en'): Promise<Shown> {
    this.#signingIn.officer = officer;
    const begun = await this.get(`/${language}/sign-in/start`);
    const state = new URL(begun.headers.location ?? '').searchParams.get('state') ?? '';
    return this.get(`/sign-in/callback?code=c&state=${state}`);
  }

  #send(method: string, path: string, headers: Readonly<Record<string, string>>, body?: string): Promise<Shown> {
    const { hostname, port } = new URL(this.#desk.server.url);
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const sent = {
      ...(cookie === '' ? {} : { cookie }),
      ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      ...headers,
    };
    return new Promise((resolve, reject) => {
      const sending = httpRequest({ hostname, port, method, path, headers: sent }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          for (const line of response.headers['set-cookie'] ?? []) this.#keep(line);
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            html: Buffer.concat(chunks).toString(),
          });
        });
      });
      sending.on('error', reject);
      sending.end(body);
    });
  }

  #keep(line: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (/Max-Age=0(?:;|$)/.test(line)) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

interface FoundForm {
  readonly action: string;
  readonly hidden: Readonly<Record<string, string>>;
}

function formsOf(html: string): readonly FoundForm[] {
  return [...html.matchAll(/<form[^>]*action="([^"]*)"[^>]*>([\s\S]*?)<\/form>/g)].map(
    ([, action = '', inside = '']) => ({
      action,
      hidden: Object.fromEntries(
        [...inside.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(
          ([, name = '', value = '']) => [name, value],
        ),
      ),
    }),
  );
}

/** An entry with texts of a caller that a page must not act on. */
export const ACTED = completionDraft('00000000-0000-4000-8000-00000000000c', {
  caller: { kind: 'system', agency: 'housing', system: 'housing', officer: null, actor: null, model: null },
  case: { agency: 'housing', number: '<script>alert(1)</script>' },
  operationName: '\u202egnp.exe\u0007',
});
