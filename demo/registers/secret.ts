import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether a header carries the secret; takes the same time for every wrong one. */
export function carries(header: string | string[] | undefined, secret: string): boolean {
  if (typeof header !== 'string') return false;
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(header), digest(secret));
}
