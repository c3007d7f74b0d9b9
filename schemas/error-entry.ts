import type { Language } from './language.js';

/** Who must act before the request can succeed. */
export type Actor = 'caller' | 'citizen' | 'register' | 'gateway';

export interface CatalogueEntry {
  readonly status: number;
  readonly actor: Actor;
  /** The same request may succeed later, unchanged. */
  readonly retryable: boolean;
  readonly text: Readonly<Record<Language, string>>;
}

/** Returns what the error catalogue says of one code. */
export const catalogueEntry = (
  status: number,
  actor: Actor,
  retryable: boolean,
  en: string,
  ru: string,
  kk: string,
): CatalogueEntry => ({
  status,
  actor,
  retryable,
  text: { kk, ru, en },
});
