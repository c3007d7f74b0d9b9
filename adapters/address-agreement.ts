import type { Observer } from '../schemas/ports/observer.js';

/** The consent of a register's owner that an operation has a person's identifier in its address. */
export interface AddressAgreement {
  readonly operation: string;
  /** Method and address with placeholders: `GET /persons/{iin}`. */
  readonly address: string;
  readonly owner: string;
  /** Number of the agreement. */
  readonly agreement: string;
  /** Its last day, a civil date. */
  readonly until: string;
}

/** Days before the end from which the gateway warns. */
const WARNING_DAYS = 30;
const DAY_MS = 86_400_000;

/** How an agreement stands on a day. */
export type AgreementState = 'valid' | 'ends_soon' | 'ended';

/** Returns how an agreement stands on a civil date. Its last day is still one of it. */
export function agreementState({ until }: Pick<AddressAgreement, 'until'>, today: string): AgreementState {
  if (today > until) return 'ended';
  return daysBetween(today, until) < WARNING_DAYS ? 'ends_soon' : 'valid';
}

/** Returns the days that are left of an agreement after this one; below zero if it has ended. */
export function daysLeft({ until }: Pick<AddressAgreement, 'until'>, today: string): number {
  return daysBetween(today, until);
}

/** Logs and counts the agreements of a register that have ended or will soon. */
export function reportAgreements(
  register: string,
  agreements: readonly AddressAgreement[],
  { today, observer }: { readonly today: string; readonly observer: Observer },
): void {
  for (const agreement of agreements) {
    const state = agreementState(agreement, today);
    if (state === 'valid') continue;
    const { operation, address, until } = agreement;
    const left = daysLeft(agreement, today);
    observer.log('warn', 'register_address_agreement', { register, operation, address, state, until, daysLeft: left });
    countAgreement(observer, register, operation);
  }
}

/** Counts that an agreement ends soon, or a call under one that does. */
export function countAgreement(
  observer: Pick<Observer, 'count'> | undefined,
  register: string,
  operation: string,
): void {
  observer?.count('tereze_address_agreement_warnings_total', { register, operation });
}

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}
