import { bareObject } from '../../schemas/objects.js';
import type { FailureReason } from '../../schemas/failures/register-failure.js';
import type { FieldApart, RegisterRecord, ResponsePath } from '../mapping/compile-record.js';
import type { CodeFinding, GroupAnswer, SelectedField } from '../port.js';
import { BeyondFinder } from '../mapping/unread.js';
import type { KeyValues } from './by-key/record-key.js';
import { findBeyond, type PreparedApart, type PreparedRecord } from './prepared-record.js';

/** The key by which a record was asked for. */
export interface AskedKey {
  /** Fields of the key. */
  readonly names: readonly string[];
  readonly values: KeyValues;
}

/** A field that is read apart, at one place of the answer. */
export interface MetApart {
  readonly apart: PreparedApart;
  readonly key: KeyValues;
  readonly path: ResponsePath;
}

/** Collects what a group answers beside its records. */
export class Findings {
  readonly errors: GroupAnswer['errors'][number][] = [];
  readonly codes: CodeFinding[] = [];
  readonly #beyond = new BeyondFinder();
  #apart: MetApart[] | undefined;

  /**
   * Reads a record into the form of the selection. `at`: where it is in the answer; `asked`: the key by which it was
   * asked for.
   */
  read(record: RegisterRecord, prepared: PreparedRecord, at: ResponsePath, asked?: AskedKey): Record<string, unknown> {
    findBeyond(record, prepared, this.#beyond);
    return prepared.read(
      record,
      (path, reason) => this.errors.push({ path: [...at, ...path], reason }),
      (path, field) => this.codes.push({ path: [...at, ...path], field }),
      prepared.apartBy.size === 0
        ? undefined
        : (path, field, holder) => this.#noteApart(prepared, field, [...at, ...path], keyIn(holder, record, asked)),
    );
  }

  #noteApart(
    prepared: PreparedRecord,
    field: FieldApart,
    path: ResponsePath,
    keyFor: (apart: PreparedApart) => KeyValues | undefined,
  ): void {
    const apart = prepared.apartBy.get(field);
    if (apart === undefined) throw new TypeError(`${field.type}.${field.field.name} was not prepared`);
    const key = keyFor(apart);
    if (key === undefined) this.fail(path, 'key_missing');
    else (this.#apart ??= []).push({ apart, key, path });
  }

  /** Whether a field that is read apart was met since the last time. */
  get metApart(): boolean {
    return this.#apart !== undefined;
  }

  /** Returns the fields that are read apart and were met since the last time. */
  takeApart(): readonly MetApart[] {
    const met = this.#apart ?? [];
    this.#apart = undefined;
    return met;
  }

  /** Returns an object without values, each of which failed. */
  failed(fields: readonly SelectedField[], type: string, at: ResponsePath): Record<string, unknown> {
    const made = bareObject();
    for (const { name, responseKey } of fields) {
      made[responseKey] = name === '__typename' ? type : null;
      if (name !== '__typename') this.fail([...at, responseKey], 'batch_item_error');
    }
    return made;
  }

  fail(path: ResponsePath, reason: FailureReason): void {
    this.errors.push({ path, reason });
  }

  answer(records: GroupAnswer['records'], converted: readonly string[]): GroupAnswer {
    const { errors, codes } = this;
    const beyond = this.#beyond.found;
    return {
      records,
      errors,
      ...(codes.length > 0 ? { findings: codes } : {}),
      ...(converted.length > 0 ? { converted: [...new Set(converted)] } : {}),
      ...(beyond === undefined ? {} : { beyond }),
    };
  }
}

/** Returns what gives the key of an object: as it was asked for, if it is the record itself, else as it says it. */
function keyIn(
  holder: RegisterRecord,
  record: RegisterRecord,
  asked: AskedKey | undefined,
): (apart: PreparedApart) => KeyValues | undefined {
  return ({ names, holderKey, isKeyValue }) => {
    if (asked !== undefined && holder === record && names.join('\n') === asked.names.join('\n')) return asked.values;
    const values = holderKey.isStated ? holderKey.keyOf(holder) : [];
    return values.length === names.length && values.every(isKeyValue) ? values : undefined;
  };
}
