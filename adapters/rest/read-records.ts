import type { JsonReply } from '../http/post-json.js';
import { RegisterDeclined, RegisterFailure } from '../port.js';
import type { RestSource } from './source.js';
import { addressOf } from './address-of.js';
import { inChunks } from './in-chunks.js';
import type { RestCall, RestClient } from './rest-client.js';
import type { RegisterRecord } from '../mapping/compile-record.js';
import { runParts } from '../run-parts.js';
import { isObject, ownMember } from '../../schemas/objects.js';
import { pointer } from '../json-pointer.js';

export interface RecordReaderOptions {
  readonly register: string;
  readonly source: RestSource;
  /** Base address. */
  readonly url: string;
  readonly client: RestClient;
}

/** Members that are requested of records; undefined for whole records. */
type Members = readonly string[] | undefined;

/** Reads records of a register by their keys. Rejects with `RegisterFailure`. */
export interface RecordReader {
  /** Returns the record, or null if the register says that no person has the key. */
  one(key: string, members: Members, call: RestCall): Promise<RegisterRecord | null>;
  /**
   * Returns the records of distinct keys, by key. It makes as few calls as the register's limit allows, all at once;
   * if one fails, the others are cancelled.
   */
  many(keys: readonly string[], members: Members, call: RestCall): Promise<ReadonlyMap<string, RegisterRecord | null>>;
}

export function createRecordReader({ register, source, url, client }: RecordReaderOptions): RecordReader {
  const readAddress = source.read.path === undefined ? undefined : addressOf(url, source.read.path);
  const batchAddress = addressOf(url, source.batch.path);
  /** The record must have the requested key. Otherwise another person's record would be merged under this number. */
  const checked = (record: unknown, key: string): RegisterRecord => {
    if (!isObject(record)) throw new RegisterFailure(register, 'envelope_missing');
    const given = ownMember(record, source.read.key);
    if (given === key) return record;
    throw new RegisterFailure(register, wrongKey(given), { at: pointer([source.read.key]) });
  };
  const wanted = (members: Members): object =>
    source.select === undefined || members === undefined ? {} : { [source.select]: members };
  const batch = async (
    keys: readonly string[],
    members: Members,
    call: RestCall,
  ): Promise<readonly (readonly [string, RegisterRecord | null])[]> => {
    const asked = { url: batchAddress, body: { [source.batch.keys]: keys, ...wanted(members) }, keys };
    const { status, body } = await client.ask(asked, call);
    if (status === 404) throw new RegisterDeclined(register, 'status_unexpected');
    const items = isObject(body) ? ownMember(body, source.batch.items) : undefined;
    const at = pointer([source.batch.items]);
    if (!Array.isArray(items))
      throw new RegisterFailure(register, items === undefined ? 'envelope_missing' : 'not_a_list', { at });
    if (items.length !== keys.length) throw new RegisterFailure(register, 'batch_count', { at });
    return keys.map((key, position) => [key, items[position] === null ? null : checked(items[position], key)]);
  };
  return {
    one: async (key, members, call) => {
      if (readAddress === undefined) return (await batch([key], members, call))[0]?.[1] ?? null;
      const body = { [source.read.key]: key, ...wanted(members) };
      const reply = await client.ask({ url: readAddress, body, keys: [key] }, call);
      return reply.status === 404 ? notFound(reply, register) : checked(reply.body, key);
    },
    many: async (keys, members, call) =>
      new Map(
        (
          await runParts(
            call,
            inChunks(keys, source.batch.max).map((chunk) => (part: RestCall) => batch(chunk, members, part)),
          )
        ).flat(),
      ),
  };
}

/** Only the register's own code means that no person has the number. Any other 404 is a wrong address. */
function notFound({ body }: JsonReply, register: string): null {
  const error = isObject(body) ? ownMember(body, 'error') : undefined;
  if (isObject(error) && ownMember(error, 'code') === 'NOT_FOUND') return null;
  throw new RegisterDeclined(register, 'status_unexpected');
}

/** Why a key is not the one that was asked for. */
export function wrongKey(given: unknown): 'key_missing' | 'key_type' | 'other_subject' {
  if (given === undefined || given === null) return 'key_missing';
  return typeof given === 'string' ? 'other_subject' : 'key_type';
}
