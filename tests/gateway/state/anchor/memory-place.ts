import {
  PlaceFailure,
  type Place,
  type PlaceFault,
  type StoredText,
  type TextName,
  type Written,
} from '../../../../gateway/state/anchor/place.js';

/** What goes wrong with one write: it is not made, or it is made and its reply is lost. */
export type WriteFault = 'not_written' | 'reply_lost';

/** A store in memory, shared by the places that are opened over it. */
export class MemoryStore {
  readonly texts = new Map<string, StoredText>();
  writes = 0;
  /** Every call fails so. */
  down: PlaceFault | undefined;
  /** Every call waits for this. */
  wait: () => Promise<void> = async () => undefined;
  /** Asked for each write. */
  fault: (text: TextName) => WriteFault | undefined = () => undefined;
  #versions = 0;

  open(name = 'memory'): Place {
    return {
      name,
      read: async (text) => {
        await this.wait();
        if (this.down !== undefined) throw new PlaceFailure(name, this.down);
        return this.texts.get(text);
      },
      write: async (text, content, replaces): Promise<Written> => {
        await this.wait();
        if (this.down !== undefined) throw new PlaceFailure(name, this.down);
        const fault = this.fault(text);
        if (fault === 'not_written') throw new PlaceFailure(name, 'unreachable');
        if (this.texts.get(text)?.version !== replaces) return { outcome: 'conflict' };
        this.#versions += 1;
        this.writes += 1;
        const version = `v${this.#versions}`;
        this.texts.set(text, { content, version });
        if (fault === 'reply_lost') throw new PlaceFailure(name, 'timeout');
        return { outcome: 'written', version };
      },
      close: () => undefined,
    };
  }
}
