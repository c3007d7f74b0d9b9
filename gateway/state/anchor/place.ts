/**
 * A place outside the database that keeps a few small texts by name.
 *
 * Contract
 * - `read` resolves with the newest text that was written whole, or with undefined if there is none.
 * - `write` resolves with `written` once the text is on disk (or the store says so), and only if the place
 *   still held the version that the text replaces; `undefined` replaces nothing. Otherwise it resolves with
 *   `conflict` and changes nothing. Of several who replace one version, one succeeds.
 * - A text is read as it was written before or as it is written now, never a part of it, also after a crash.
 * - Failure: rejects with {@link PlaceFailure}. After a failed `write` the text may be there all the same.
 * - Time: each call settles within the limit of the place.
 */
export interface Place {
  /** As the configuration calls it. */
  readonly name: string;
  read(text: TextName): Promise<StoredText | undefined>;
  write(text: TextName, content: string, replaces: string | undefined): Promise<Written>;
  close(): void;
}

/** `head`, or a segment of the journal. */
export type TextName = 'head' | `journal-${number}`;

export interface StoredText {
  readonly content: string;
  /** Changes with every write. */
  readonly version: string;
}

/** How a write ended. A store may not say which version it made; then the text must be read before it is replaced. */
export type Written =
  { readonly outcome: 'written'; readonly version: string | undefined } | { readonly outcome: 'conflict' };

/** Why a place cannot be used; a closed set, for logs and metrics. */
export type PlaceFault =
  | 'unreachable' // no such directory, no connection, no trusted certificate
  | 'timeout'
  | 'denied' // no permission, 401, 403
  | 'unsigned' // its text does not carry a signature of this installation
  | 'unversioned' // the store gives no strong ETag
  | 'contended' // others replaced the text again and again
  | 'failed'; // any other status or error

export class PlaceFailure extends Error {
  readonly fault: PlaceFault;
  constructor(place: string, fault: PlaceFault, options?: { cause?: unknown }) {
    super(`the place ${place} of the anchor cannot be used: ${fault}`, options);
    this.name = 'PlaceFailure';
    this.fault = fault;
  }
}

/** Returns why a place failed, for any error. */
export function faultOf(error: unknown): PlaceFault {
  return error instanceof PlaceFailure ? error.fault : 'failed';
}
