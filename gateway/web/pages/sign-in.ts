import type { Random } from '../../../schemas/ports/random.js';
import { Refusal } from '../../../schemas/refusal.js';
import type { OfficerSignIn } from '../../officers/sign-in.js';
import type { Cookies } from '../cookies.js';
import type { Page, PageRequest } from '../page.js';
import type { Sealing } from '../sealed.js';
import type { Sessions } from '../session.js';
import type { BegunSignIn, SignInIssuer } from '../sign-in/issuer.js';
import { isOwnAddress, languageOfAddress } from '../addresses.js';

/** Path to which the issuer leads the browser back. */
export const SIGNED_IN_PATH = '/sign-in/callback';
/** Time for a sign-in, in seconds. */
const SIGN_IN_S = 600;

export interface SignInPagesDependencies {
  readonly issuer: SignInIssuer;
  readonly signIn: OfficerSignIn;
  readonly sessions: Sessions;
  readonly cookies: Cookies;
  readonly sealing: Sealing;
  readonly random: Pick<Random, 'bytes' | 'uuid'>;
  /** Origin of the pages. */
  readonly publicUrl: string;
}

/** What the browser carries, sealed, while its officer signs in. */
interface Carried extends BegunSignIn {
  readonly back: string;
}

/** Returns the pages by which an officer signs in and out. */
export function signInPages({
  issuer,
  signIn,
  sessions,
  cookies,
  sealing,
  random,
  publicUrl,
}: SignInPagesDependencies): readonly Page[] {
  const secret = (): string => random.bytes(32).toString('base64url');
  return [
    {
      method: 'GET',
      path: '/{language}/sign-in',
      isPublic: true,
      run: async (request) => {
        const back = new URLSearchParams({ back: backOf(request) });
        const start = `/${request.language}/sign-in/start?${back.toString()}`;
        return { kind: 'page', template: 'sign-in', data: { start } };
      },
    },
    {
      method: 'GET',
      path: '/{language}/sign-in/start',
      isPublic: true,
      run: async (request) => {
        const begun: Carried = { state: secret(), nonce: secret(), verifier: secret(), back: backOf(request) };
        const to = (await issuer.begin(begun, request.language)).href;
        return {
          kind: 'redirect',
          to,
          cookies: [cookies.set('sign-in', sealing.seal(JSON.stringify(begun)), SIGN_IN_S)],
        };
      },
    },
    {
      method: 'GET',
      path: SIGNED_IN_PATH,
      isPublic: true,
      run: async (request) => {
        const begun = carriedBy(request, cookies, sealing);
        const tokens = await issuer.finish(new URL(request.target, publicUrl), begun, SIGNED_IN_PATH);
        const credentials = {
          method: 'GET',
          path: SIGNED_IN_PATH,
          authorization: [`DPoP ${tokens.accessToken}`],
          dpop: [tokens.proof],
        };
        const never = new AbortController().signal;
        const officer = await signIn.authenticate(credentials, { party: random.uuid(), signal: never });
        const key = sessions.begin({ officer, idToken: tokens.idToken });
        // The way here began at another site, so that a browser would not send the new cookie along a redirect.
        return {
          kind: 'page',
          template: 'signed-in',
          data: { back: begun.back },
          language: languageOfAddress(begun.back),
          cookies: [cookies.set('session', key), cookies.clear('sign-in')],
        };
      },
    },
    {
      method: 'POST',
      path: '/{language}/sign-out',
      run: async ({ language, session, cookies: header }) => {
        const key = cookies.read(header, 'session');
        if (key !== undefined) sessions.end(key);
        const back = `${publicUrl}/signed-out`;
        const to = await issuer.signOut(session.idToken, back).catch(() => undefined);
        return { kind: 'redirect', to: to?.href ?? `/${language}/signed-out`, cookies: [cookies.clear('session')] };
      },
    },
    ...(['/signed-out', '/{language}/signed-out'] as const).map((path): Page => ({
      method: 'GET',
      path,
      isPublic: true,
      run: async ({ language }) => ({ kind: 'page', template: 'signed-out', data: { again: `/${language}/sign-in` } }),
    })),
  ];
}

/** Where an officer wanted to go; only to a page of ours. */
function backOf({ query, language }: PageRequest): string {
  const wanted = query.get('back') ?? '';
  return isOwnAddress(wanted) ? wanted : `/${language}/search`;
}

/** @throws Refusal `SIGN_IN_EXPIRED` for a browser that began no sign-in here, or one that came to an end. */
function carriedBy({ cookies: header, query }: PageRequest, cookies: Cookies, sealing: Sealing): Carried {
  const text = sealing.open(cookies.read(header, 'sign-in') ?? '');
  const carried = text === undefined ? undefined : (JSON.parse(text) as Carried);
  if (carried === undefined || query.get('state') !== carried.state) throw new Refusal('SIGN_IN_EXPIRED');
  return carried;
}
