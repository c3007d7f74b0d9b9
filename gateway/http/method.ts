import { Refusal } from '../../schemas/refusal.js';

/** Refuses every other method than those of an address. @throws Refusal `METHOD_NOT_ALLOWED`; its answer names them in `Allow`. */
export function assertMethod(method: string | undefined, allowed: readonly string[]): void {
  if (!allowed.includes(method ?? '')) throw new Refusal('METHOD_NOT_ALLOWED', { reasons: [...allowed] });
}
