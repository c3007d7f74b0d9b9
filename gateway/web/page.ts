import type { Language } from '../../schemas/language.js';
import type { Officer } from '../officers/officer.js';
import type { Texts } from './view/texts.js';
import type { Times } from './view/times.js';
import type { OfficerSession } from './session.js';

/** What every page is made with. */
export interface PageRequest {
  readonly requestId: string;
  readonly language: Language;
  readonly t: Texts;
  readonly times: Times;
  /** Parameters of the path. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** What a form sent; empty for `GET`. Its token was checked. */
  readonly form: URLSearchParams;
  /** Header `Cookie`. */
  readonly cookies: string | undefined;
  /** Path and query, as they came. */
  readonly target: string;
}

/** The same, for an officer who has signed in. */
export interface OfficerPageRequest extends PageRequest {
  readonly session: OfficerSession;
  readonly officer: Officer;
}

/** What a page answers with. */
export type PageAnswer = ShownPage | LedOn | PageData;

/** A page to read. */
export interface ShownPage {
  readonly kind: 'page';
  readonly status?: number;
  /** Name of the template, and of the file of its texts. */
  readonly template: string;
  /** Default: the language of the request. */
  readonly language?: Language | undefined;
  /** Every text in it is made inert before it is shown. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly cookies?: readonly string[];
}

/** Another address to go on at (303). */
export interface LedOn {
  readonly kind: 'redirect';
  readonly to: string;
  readonly cookies?: readonly string[];
}

/** What a script of a page asks for. */
export interface PageData {
  readonly kind: 'data';
  readonly body: object;
}

interface PageAddress {
  readonly method: 'GET' | 'POST';
  /** Path with parameters in braces; `{language}` is one of ours. */
  readonly path: string;
}

/** One address of the pages with one method. A page may throw a `Refusal`: the answer is then an error page. */
export type Page =
  | (PageAddress & { readonly isPublic: true; readonly run: (request: PageRequest) => Promise<PageAnswer> })
  | (PageAddress & { readonly isPublic?: false; readonly run: (request: OfficerPageRequest) => Promise<PageAnswer> });
