import type { NumberedRestriction, Restriction } from '../../../schemas/ports/restrictions.js';
import type { AnchorTexts, Held } from './anchor-texts.js';
import { mergeHeads, sameHead, type Head } from './head.js';
import {
  emptySegment,
  mergeSegments,
  segmentOf,
  segmentsBetween,
  segmentToJson,
  type JournalSegment,
} from './journal.js';
import { PlaceFailure } from './place.js';

/** How often a text is read and merged again when others replace it meanwhile. */
const ATTEMPTS = 10;

/** Keeps the texts of one place up to date with the database. One call at a time. */
export class PlaceKeeper {
  readonly #texts: AnchorTexts;
  #head: Held<Head> | undefined;
  readonly #segments = new Map<number, Held<JournalSegment>>();

  constructor(texts: AnchorTexts) {
    this.#texts = texts;
  }

  get name(): string {
    return this.#texts.place.name;
  }

  /** The head of the place, as last read or written. Its version is undefined if the place has none. */
  get held(): Held<Head> | undefined {
    return this.#head;
  }

  /** Reads the head, unless it is known what the place holds. Rejects with `PlaceFailure`. */
  async read(): Promise<Held<Head>> {
    return (this.#head ??= await this.#texts.readHead());
  }

  /**
   * Brings the place up to date. First the journal, then the head: the head of a place never names a restriction
   * that its journal lacks. Where another writer was first, what it wrote is merged: no number is ever lost.
   * Rejects with `PlaceFailure`.
   *
   * @param database what has committed, with the beginnings of epochs that are known.
   * @param restrictions those above a number, in order.
   */
  async write(database: Head, restrictions: (after: number) => Promise<readonly NumberedRestriction[]>): Promise<void> {
    await this.#guarded(async () => {
      for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
        const { value: held, version } = await this.read();
        const next = mergeHeads(held, database);
        if (version !== undefined && sameHead(held, next)) return;
        const known = held.epoch === database.epoch ? held.restrictions : 0;
        if (known < database.restrictions) await this.#writeJournal(await restrictions(known));
        await this.#dropOld(held, database);
        if (await this.#writeHead(next, version)) return;
      }
      throw new PlaceFailure(this.name, 'contended');
    });
  }

  /**
   * Adds restrictions of a database that has gone back in time, under the numbers that follow the head's. So every
   * database lacks them, the right one too, until one is accepted together with the journal. Rejects with
   * `PlaceFailure`, also if the place has no head.
   */
  async writeBeyond(restrictions: readonly Restriction[]): Promise<void> {
    await this.#guarded(async () => {
      for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
        const { value: held, version } = await this.read();
        if (version === undefined) throw new PlaceFailure(this.name, 'failed');
        const added = restrictions.map((one, position) => ({ ...one, number: held.restrictions + 1 + position }));
        await this.#writeJournal(added);
        const next = { ...held, restrictions: held.restrictions + added.length };
        if (await this.#writeHead(next, version)) return;
      }
      throw new PlaceFailure(this.name, 'contended');
    });
  }

  /** Forgets what the place holds: the next call reads it again. */
  forget(): void {
    this.#head = undefined;
    this.#segments.clear();
  }

  async #guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      // What was being written may be there all the same.
      this.forget();
      throw error;
    }
  }

  /** Resolves with false if another writer was first. */
  async #writeHead(next: Head, replaces: string | undefined): Promise<boolean> {
    const written = await this.#texts.writeHead(next, replaces);
    const isKnown = written.outcome === 'written' && written.version !== undefined;
    this.#head = isKnown ? { value: next, version: written.version } : undefined;
    return written.outcome === 'written';
  }

  async #writeJournal(restrictions: readonly NumberedRestriction[]): Promise<void> {
    const bySegment = new Map<number, NumberedRestriction[]>();
    for (const one of restrictions) {
      const segment = segmentOf(one.number);
      const group = bySegment.get(segment);
      if (group === undefined) bySegment.set(segment, [one]);
      else group.push(one);
    }
    for (const [segment, added] of bySegment)
      await this.#mergeSegment({ ...emptySegment(segment), restrictions: added });
  }

  /** Empties what the database has dropped for its age. */
  async #dropOld(held: Head, { journalFrom }: Head): Promise<void> {
    if (held.journalFrom >= journalFrom) return;
    const through = Math.min(journalFrom - 1, held.restrictions);
    for (const segment of segmentsBetween(held.journalFrom, through))
      await this.#mergeSegment({ ...emptySegment(segment), droppedThrough: journalFrom - 1 });
  }

  async #mergeSegment(added: JournalSegment): Promise<void> {
    const { segment } = added;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const held = this.#segments.get(segment) ?? (await this.#texts.readSegment(segment));
      const next = mergeSegments(held.value, added);
      if (sameSegment(held.value, next)) return this.#remember(segment, held);
      const written = await this.#texts.writeSegment(next, held.version);
      this.#segments.delete(segment);
      if (written.outcome === 'conflict') continue;
      if (written.version !== undefined) this.#remember(segment, { value: next, version: written.version });
      return;
    }
    throw new PlaceFailure(this.name, 'contended');
  }

  /** Only the newest segment grows, so that it alone is worth keeping. */
  #remember(segment: number, held: Held<JournalSegment>): void {
    this.#segments.clear();
    this.#segments.set(segment, held);
  }
}

function sameSegment(one: JournalSegment, other: JournalSegment): boolean {
  return JSON.stringify(segmentToJson(one)) === JSON.stringify(segmentToJson(other));
}
