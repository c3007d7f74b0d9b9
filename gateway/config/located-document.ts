import {
  isCollection,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Scalar,
} from 'yaml';
import type { ConfigProblem } from './config-error.js';

/** A YAML text that knows its lines. */
export class LocatedDocument {
  readonly file: string;
  readonly #document: Document;
  readonly #lines = new LineCounter();

  constructor(file: string, text: string) {
    this.file = file;
    this.#document = parseDocument(text, {
      lineCounter: this.#lines,
      uniqueKeys: true,
      merge: false,
      stringKeys: true,
      prettyErrors: false,
    });
  }

  /** What keeps the text from being read at all: broken syntax, a key given twice, an unknown tag, nothing in it. */
  syntaxProblems(): readonly ConfigProblem[] {
    const faults = [...this.#document.errors, ...this.#document.warnings];
    if (faults.length > 0) {
      return faults.map(({ code, message, pos }) => ({
        file: this.file,
        line: this.#lines.linePos(pos[0]).line,
        key: '',
        problem: code === 'DUPLICATE_KEY' ? 'a key is given twice' : `not YAML: ${message}`,
      }));
    }
    return isMap(this.#document.contents)
      ? []
      : [{ file: this.file, key: '', problem: 'must be a map of keys, but is empty or something else' }];
  }

  /** Calls `change` for every scalar value (keys are left alone), with its line; what it returns becomes the value. */
  changeValues(change: (scalar: Scalar, line: number | undefined) => unknown): void {
    visit(this.#document, {
      Scalar: (key, scalar) => {
        if (key !== 'key') scalar.value = change(scalar, this.#lineOf(scalar));
      },
    });
  }

  /** The values, as plain objects. */
  values(): unknown {
    return this.#document.toJS({ maxAliasCount: 20 });
  }

  /** The line of the key at the path or, where it is not written, of the nearest key above it. */
  lineOf(path: readonly PropertyKey[]): number | undefined {
    for (let length = path.length; length > 0; length -= 1) {
      const line = this.#lineOfKey(path.slice(0, length));
      if (line !== undefined) return line;
    }
    return undefined;
  }

  #lineOfKey(path: readonly PropertyKey[]): number | undefined {
    const parent: unknown = path.length === 1 ? this.#document.contents : this.#document.getIn(path.slice(0, -1), true);
    const last = path.at(-1);
    if (isMap(parent)) {
      const pair = parent.items.find(({ key }) => isScalar(key) && key.value === last);
      return isNode(pair?.key) ? this.#lineOf(pair.key) : undefined;
    }
    const item: unknown = isCollection(parent) ? parent.get(last, true) : undefined;
    return this.#lineOf(item);
  }

  #lineOf(node: unknown): number | undefined {
    const start = isNode(node) ? node.range?.[0] : undefined;
    return start === undefined ? undefined : this.#lines.linePos(start).line;
  }
}
