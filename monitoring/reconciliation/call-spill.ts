import { createHash } from 'node:crypto';
import { mkdtemp, open, readFile, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Parts into which calls are laid by their ids: of ten million calls, each holds about eighty thousand. */
const PARTS = 128;
/** What is held of a part before it is written, in characters. */
const HELD = 16_384;

/** One side of a comparison: records with an id, laid aside on disk. */
export interface SpilledSide {
  /** Lays a record aside. Neither text holds a tab or a line feed. */
  add(id: string, record: string): Promise<void>;
}

/** The records of both sides whose ids fall into one part, by id. */
export interface SpilledPart {
  readonly left: ReadonlyMap<string, readonly string[]>;
  readonly right: ReadonlyMap<string, readonly string[]>;
}

/**
 * Two sets of records that do not fit into memory, joined by id (a Grace hash join). They lie in a folder that only this
 * account can read, and that {@link CallSpill.close} removes.
 */
export class CallSpill {
  readonly left: SpilledSide;
  readonly right: SpilledSide;
  readonly #folder: string;
  readonly #sides: readonly [Side, Side];

  private constructor(folder: string) {
    this.#folder = folder;
    const sides = [new Side(join(folder, 'left')), new Side(join(folder, 'right'))] as const;
    this.#sides = sides;
    [this.left, this.right] = sides;
  }

  static async open(directory = tmpdir()): Promise<CallSpill> {
    return new CallSpill(await mkdtemp(join(directory, 'tereze-reconcile-')));
  }

  /** Reads what both sides have, a part after the other. Nothing is added any more. */
  async *parts(): AsyncGenerator<SpilledPart> {
    const [left, right] = this.#sides;
    await left.flush();
    await right.flush();
    for (let part = 0; part < PARTS; part += 1) yield { left: await left.read(part), right: await right.read(part) };
  }

  async close(): Promise<void> {
    for (const side of this.#sides) await side.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

class Side implements SpilledSide {
  readonly #path: string;
  readonly #held: string[] = [];
  readonly #files = new Map<number, FileHandle>();

  constructor(path: string) {
    this.#path = path;
  }

  async add(id: string, record: string): Promise<void> {
    const part = createHash('sha256').update(id).digest().readUInt8() % PARTS;
    const held = `${this.#held[part] ?? ''}${id}\t${record}\n`;
    this.#held[part] = held;
    if (held.length > HELD) await this.#write(part);
  }

  async flush(): Promise<void> {
    for (const part of this.#held.keys()) await this.#write(part);
  }

  async read(part: number): Promise<ReadonlyMap<string, readonly string[]>> {
    const records = new Map<string, string[]>();
    if (!this.#files.has(part)) return records;
    for (const line of (await readFile(this.#fileOf(part), 'utf8')).split('\n')) {
      const tab = line.indexOf('\t');
      if (tab < 0) continue;
      const id = line.slice(0, tab);
      const ofId = records.get(id) ?? [];
      ofId.push(line.slice(tab + 1));
      records.set(id, ofId);
    }
    return records;
  }

  async close(): Promise<void> {
    for (const file of this.#files.values()) await file.close();
    this.#files.clear();
  }

  async #write(part: number): Promise<void> {
    const held = this.#held[part] ?? '';
    this.#held[part] = '';
    if (held === '') return;
    const file = this.#files.get(part) ?? (await open(this.#fileOf(part), 'wx', 0o600));
    this.#files.set(part, file);
    await file.appendFile(held);
  }

  #fileOf(part: number): string {
    return `${this.#path}-${part}`;
  }
}
