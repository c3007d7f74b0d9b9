import { EMPTY_HEAD, headFromJson, headToJson, type Head } from './head.js';
import { emptySegment, segmentFromJson, segmentToJson, type JournalSegment } from './journal.js';
import { PlaceFailure, type Place, type TextName, type Written } from './place.js';
import type { SignedKind, Signer } from './signed.js';

/** A head or a segment of the journal as a place holds it. */
export interface Held<T> {
  readonly value: T;
  /** Undefined: the place holds none. */
  readonly version: string | undefined;
}

/** The signed texts of one place. */
export class AnchorTexts {
  readonly place: Place;
  readonly #signer: Signer;

  constructor(place: Place, signer: Signer) {
    this.place = place;
    this.#signer = signer;
  }

  /**
   * Resolves with the head of the place, or with the empty one. Rejects with `PlaceFailure`: `unsigned` if
   * what is there was not signed by this installation. Such a text is never replaced: it may belong to another.
   */
  readHead(): Promise<Held<Head>> {
    return this.#read('head', 'tereze-anchor-head-v1', headFromJson, EMPTY_HEAD);
  }

  writeHead(head: Head, replaces: string | undefined): Promise<Written> {
    return this.place.write('head', this.#signer.sign('tereze-anchor-head-v1', headToJson(head)), replaces);
  }

  /** The same for a segment of the journal. */
  readSegment(segment: number): Promise<Held<JournalSegment>> {
    return this.#read(
      `journal-${segment}`,
      'tereze-anchor-journal-v1',
      (value) => {
        const read = segmentFromJson(value);
        // Signed, but moved here from another segment.
        return read?.segment === segment ? read : undefined;
      },
      emptySegment(segment),
    );
  }

  writeSegment(journal: JournalSegment, replaces: string | undefined): Promise<Written> {
    const content = this.#signer.sign('tereze-anchor-journal-v1', segmentToJson(journal));
    return this.place.write(`journal-${journal.segment}`, content, replaces);
  }

  async #read<T>(
    name: TextName,
    kind: SignedKind,
    parse: (value: unknown) => T | undefined,
    empty: T,
  ): Promise<Held<T>> {
    const stored = await this.place.read(name);
    if (stored === undefined) return { value: empty, version: undefined };
    const value = parse(this.#signer.open(kind, stored.content));
    if (value === undefined) throw new PlaceFailure(this.place.name, 'unsigned');
    return { value, version: stored.version };
  }
}
