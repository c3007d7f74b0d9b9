import { readFile } from 'node:fs/promises';
import { importPKCS8 } from 'jose';
import * as oidc from 'openid-client';
import { LANGUAGES, type Language } from '../../schemas/language.js';
import { packageRoot } from '../../schemas/package-root.js';
import type { Clock } from '../../schemas/ports/clock.js';
import type { Observer } from '../../schemas/ports/observer.js';
import type { Random } from '../../schemas/ports/random.js';
import type { OfficersPageConfig } from '../config/parts/server.js';
import type { Config } from '../config/schema.js';
import type { OpenedOfficers } from '../officers/open-officers.js';
import type { OfficersPages } from '../officers/pages.js';
import { createPages } from './answering.js';
import { createAsk } from './asking.js';
import { readAssets } from './assets.js';
import { createCookies } from './cookies.js';
import type { EvidenceSource } from './pages/evidence.js';
import { pageTable } from './page-table.js';
import { SIGNED_IN_PATH } from './pages/sign-in.js';
import { createSealing, type Sealing } from './sealed.js';
import { Sessions } from './session.js';
import { createSignInIssuer, type SignInIssuer } from './sign-in/issuer.js';
import type { LawOf } from './view/entry-parts.js';
import { createRender, webFolder } from './view/render.js';
import { readTexts } from './view/texts.js';
import { createTimes } from './view/times.js';

/** What outlives a reading of the configuration: an officer stays signed in over a reload. */
export interface PagesState {
  readonly sessions: Sessions;
  readonly sealing: Sealing;
}

/** Makes the state of the pages of a process. */
export function createPagesState(ports: { readonly clock: Clock; readonly random: Random }): PagesState {
  return { sessions: new Sessions(ports), sealing: createSealing(ports.random) };
}

export interface PagesPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly observer: Observer;
  readonly state: PagesState;
  readonly lawOf: LawOf;
  readonly evidence: EvidenceSource;
  /** The issuer at which officers sign in. Default: that of the configuration. */
  readonly issuer?: SignInIssuer;
}

/** Opens the officers' pages; undefined if the configuration has none. Throws if a text of them is missing in a language. */
export function openPages(
  {
    server,
    audit,
    officers,
    authentication,
    jurisdiction,
  }: Pick<Config, 'server' | 'audit' | 'officers' | 'authentication' | 'jurisdiction'>,
  api: OpenedOfficers,
  { clock, random, observer, state, lawOf, evidence, issuer: given }: PagesPorts,
): OfficersPages | undefined {
  const page = server.audit?.page;
  const name = page?.issuer ?? authentication.issuers[0]?.issuer;
  if (server.audit === undefined || page === undefined || name === undefined) return undefined;
  const { public_url: publicUrl } = server.audit;
  const { sessions, sealing } = state;
  const cookies = createCookies(publicUrl);
  const issuer =
    given ??
    createSignInIssuer({
      ...{ issuer: name, clientId: page.client_id, publicUrl, redirectPath: SIGNED_IN_PATH, clock, random },
      audience: officers.audience ?? '',
      clientKey: () => clientAuthentication(page),
    });
  const { time_zone: timeZone } = jurisdiction;
  const ask = createAsk(api.routes);
  const times = LANGUAGES.map((language) => [language, createTimes(language, timeZone)] as const);
  return createPages({
    pages: pageTable({
      ...{ ask, clock, timeZone, lawOf, evidence, issuer, sessions, cookies, sealing, random, publicUrl },
      signIn: api.signIn,
      origin: audit.origin,
    }),
    ...{ sessions, cookies, clock, random, observer, officers: api.officers },
    assets: readAssets(webFolder(packageRoot(), 'assets')),
    render: createRender(webFolder(packageRoot(), 'templates')),
    texts: readTexts(webFolder(packageRoot(), 'texts')),
    times: Object.fromEntries(times) as Record<Language, (typeof times)[number][1]>,
    issuerOrigin: new URL(name).origin,
  });
}

async function clientAuthentication({ client_key_file: file }: OfficersPageConfig): Promise<oidc.ClientAuth> {
  if (file === undefined) return oidc.None();
  return oidc.PrivateKeyJwt(await importPKCS8(await readFile(file, 'utf8'), 'ES256'));
}
