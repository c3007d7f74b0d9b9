import { parsedObject } from './json-lines.js';
import { callOn, MAX_LINE, type LineFault, type LogLine } from './log-line.js';

/** Who asks which provider, as X-Road names them. */
export interface XroadParties {
  /** Our identifier: instance, member class, member code, and the subsystem if it is one. */
  readonly client: readonly string[];
  /** The provider of the register's services, in the same way. */
  readonly provider: readonly string[];
}

/**
 * Reads records of X-Road's operational monitoring (PR-OPMON, annex B): the JSON of `getSecurityServerOperationalData`, or
 * a record on each line. Records of other clients and providers are `other`. The id of a call is its `messageId`.
 */
export async function* readOpmonRecords(
  bytes: AsyncIterable<Uint8Array>,
  parties: XroadParties,
): AsyncGenerator<LogLine> {
  for await (const { line, ...read } of objectsIn(bytes)) {
    const record = 'text' in read ? parsedObject(read.text) : undefined;
    if (record === undefined) yield { kind: 'broken', line, fault: 'fault' in read ? read.fault : 'json' };
    else if (isOf(record, 'client', parties.client) && isOf(record, 'service', parties.provider))
      yield callOn(line, {
        id: record['messageId'],
        requestInTs: record['requestInTs'],
        responseOutTs: record['responseOutTs'],
        server: record['securityServerType'],
      });
    else yield { kind: 'other', line };
  }
}

const PARTS = ['XRoadInstance', 'MemberClass', 'MemberCode', 'SubsystemCode'] as const;

function isOf(record: Readonly<Record<string, unknown>>, role: string, parts: readonly string[]): boolean {
  return PARTS.every((name, nth) => (record[`${role}${name}`] ?? undefined) === parts[nth]);
}

type FoundObject = { readonly line: number } & (
  { readonly text: string } | { readonly fault: Extract<LineFault, 'json' | 'length' | 'end' | 'encoding'> }
);

/** Opens the list of records: what stands before the first of them in the answer of a security server. */
const LIST = /^\s*\{\s*"records"\s*:\s*\[$/;

/**
 * Finds the records of a text: objects that stand in the list `records` of an object, in a list, or by themselves. No more
 * than one is held. Records of X-Road hold no other objects, so a broken one ends before the next brace.
 */
async function* objectsIn(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<FoundObject> {
  const finder = new ObjectFinder();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of bytes) yield* finder.take(decoder.decode(chunk, { stream: true }));
    yield* finder.take(decoder.decode());
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    yield { line: finder.line, fault: 'encoding' };
  }
  yield* finder.end();
}

/** Finds objects in a text that comes in parts. */
class ObjectFinder {
  line = 1;
  /** The object that has begun, as far as it came. */
  #held = '';
  /** Where it begins; -1 between objects. */
  #start = -1;
  #begun = 1;
  #isString = false;
  #isEscaped = false;
  /** The line of which it was reported that it holds something else. */
  #reported = 0;
  #found: FoundObject[] = [];

  take(part: string): readonly FoundObject[] {
    this.#found = [];
    const text = this.#held + part;
    for (let at = this.#held.length; at < text.length; at += 1) {
      if (this.#start >= 0 && at - this.#start >= MAX_LINE) this.#give('length');
      const character = text[at] ?? '';
      if (character === '\n') this.#endLine();
      else if (this.#isString) this.#inString(character);
      else if (this.#start < 0) this.#between(character, at);
      else this.#within(character, at, text);
    }
    this.#held = this.#start < 0 ? '' : text.slice(this.#start);
    if (this.#start > 0) this.#start = 0;
    return this.#found;
  }

  end(): readonly FoundObject[] {
    return this.#held === '' ? [] : [{ line: this.#begun, fault: 'end' }];
  }

  /** A text of JSON holds no line feed. */
  #endLine(): void {
    if (this.#isString) this.#give('json');
    this.line += 1;
  }

  #inString(character: string): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (character === '\\') this.#isEscaped = true;
    else if (character === '"') this.#isString = false;
  }

  #between(character: string, at: number): void {
    if (character === '{') this.#begin(at);
    else if (this.#reported !== this.line && !BETWEEN.test(character)) {
      this.#found.push({ line: this.line, fault: 'json' });
      this.#reported = this.line;
    }
  }

  #within(character: string, at: number, text: string): void {
    if (character === '"') this.#isString = true;
    else if (character === '{') {
      this.#give('json');
      this.#begin(at);
    } else if (character === '}') {
      this.#found.push({ line: this.#begun, text: text.slice(this.#start, at + 1) });
      this.#start = -1;
    } else if (character === '[' && LIST.test(text.slice(this.#start, at + 1))) this.#start = -1;
  }

  #begin(at: number): void {
    this.#start = at;
    this.#begun = this.line;
  }

  #give(fault: 'json' | 'length'): void {
    this.#found.push({ line: this.#begun, fault });
    this.#start = -1;
    this.#isString = false;
    this.#isEscaped = false;
    // What is left of the line belongs to it.
    this.#reported = this.line;
  }
}

/** What may stand between records. */
const BETWEEN = /[\s,[\]}]/;
