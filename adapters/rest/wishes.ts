import { ownMember } from '../../schemas/objects.js';
import type { RegisterCall, SelectedField } from '../port.js';
import { runParts } from '../run-parts.js';
import type { AskOptions } from './ask-operation.js';
import { readByKey, type OutcomesByKey } from './by-key/read-by-key.js';
import { keyText, type KeyValues } from './by-key/record-key.js';
import type { PreparedApart, PreparedKeyed, PreparedRecord } from './prepared-record.js';
import type { RequestValues } from './request/values.js';

/** The keys of one question. Equal questions go together. */
interface Wish {
  readonly ask: PreparedKeyed & { readonly record: PreparedRecord; readonly field?: SelectedField };
  readonly values: RequestValues;
  readonly keys: KeyValues[];
}

/** What was read, by question. */
export type ReadByWish = ReadonlyMap<string, OutcomesByKey>;

/** Questions about keys. The keys of equal questions are asked together. */
export class Wishes {
  readonly #wishes = new Map<string, Wish>();

  /** `name`: the same for equal questions. */
  add(name: string, wish: Omit<Wish, 'keys'>, key: KeyValues): void {
    const found = this.#wishes.get(name);
    if (found === undefined) this.#wishes.set(name, { ...wish, keys: [key] });
    else found.keys.push(key);
  }

  addApart(apart: PreparedApart, variables: RequestValues, key: KeyValues): void {
    const values = { ...apart.valuesFrom(variables), select: apart.record.members };
    this.add(apartWish(apart, variables), { ask: apart, values }, key);
  }

  /** Puts all questions at once. Rejects like `readByKey`. */
  async read(call: RegisterCall, options: AskOptions): Promise<ReadByWish> {
    const parts = [...this.#wishes].map(([name, { ask: question, values, keys }]) => async (part: RegisterCall) => {
      const isList = question.field?.list === true;
      const { operation, names, key } = question;
      return [name, await readByKey({ operation, names, key, values, isList }, distinct(keys), part, options)] as const;
    });
    return new Map((await runParts(call, parts)) as readonly (readonly [string, OutcomesByKey])[]);
  }
}

/** Returns a text that is the same for equal questions about a field apart. */
export function apartWish({ operation, record, field, valuesFrom }: PreparedApart, variables: RequestValues): string {
  const values = valuesFrom(variables);
  const asked = operation.argumentNames.map((name) => ownMember(values, name) ?? null);
  return JSON.stringify([operation.name, field.list, asked, record.members]);
}

/** Returns keys, each once. */
export function distinct(keys: readonly KeyValues[]): readonly KeyValues[] {
  return keys.length === 1 ? keys : [...new Map(keys.map((key) => [keyText(key), key])).values()];
}
