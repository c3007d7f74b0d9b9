import { createHash } from 'node:crypto';

/** Characters of a name. PostgreSQL takes 63. */
const NAME_LENGTH = 32;

/** The names under which one pool prepares statements: made of the text, so that a name never stands for two texts. */
export class PreparedNames {
  readonly #names = new Map<string, string>();

  /** Returns the name of a text. Texts are constants, so there are few. */
  of(text: string): string {
    let name = this.#names.get(text);
    if (name === undefined) {
      name = createHash('sha256').update(text).digest('hex').slice(0, NAME_LENGTH);
      this.#names.set(text, name);
    }
    return name;
  }
}
