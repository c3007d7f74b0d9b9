/** Where a page ends: when its last consent was given first, in microseconds since 1970, and its id. */
export interface PageEnd {
  readonly firstGiven: string;
  readonly id: string;
}

/** Whether a text has the form of a cursor. One of another person's list finds nothing of that list. */
export function isPageCursor(text: string): boolean {
  return CURSOR.test(plainOf(text));
}

const CURSOR = /^(?<firstGiven>[0-9]{1,16}) (?<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** Returns the cursor after which the next page starts. */
export function cursorOf({ firstGiven, id }: PageEnd): string {
  return Buffer.from(`${firstGiven} ${id}`).toString('base64url');
}

/** Reads a cursor. Throws for what {@link isPageCursor} does not take. */
export function pageEndOf(cursor: string): PageEnd {
  const { firstGiven = '', id = '' } = CURSOR.exec(plainOf(cursor))?.groups ?? {};
  if (id === '') throw new Error('a page of consents starts after what is no cursor');
  return { firstGiven, id };
}

const plainOf = (cursor: string): string => Buffer.from(cursor, 'base64url').toString('utf8');
