import type { JsonCall, JsonClient, JsonReply } from '../http/post-json.js';
import { RegisterFailure } from '../port.js';
import { isObject, ownMember } from '../response-object.js';
import type { RestSource } from '../source/source-file.js';
import type { RegisterRecord } from '../read-record.js';

export interface RecordReaderOptions {
  readonly register: string;
  readonly source: RestSource;
  /** Base address; a path in it stands before those of the mapping. */
  readonly url: string;
  readonly client: JsonClient;
}

type CallContext = Pick<JsonCall, 'requestId' | 'deadline'>;

/** A register's whole records by their keys. Rejects with `RegisterFailure`. */
export interface RecordReader {
  /** The record, or null when the register says that nobody has the key. */
  one(key: string, context: CallContext): Promise<RegisterRecord | null>;
  /** The records of distinct keys, by key; in as few calls as the register's limit allows, all at once. */
  many(keys: readonly string[], context: CallContext): Promise<ReadonlyMap<string, RegisterRecord | null>>;
}

export function createRecordReader({ register, source, url, client }: RecordReaderOptions): RecordReader {
  const readAddress = addressOf(url, source.read.path);
  const batchAddress = addressOf(url, source.batch.path);
  /** The record must be the one that was asked for: another person's would be merged under this one's number. */
  const checked = (record: unknown, key: string): RegisterRecord => {
    if (isObject(record) && ownMember(record, source.read.key) === key) return record;
    throw new RegisterFailure(register, 'malformed');
  };
  const batch = async (keys: readonly string[], context: CallContext): Promise<readonly (readonly [string, RegisterRecord | null])[]> => {
    const { status, body } = await client.post({ ...context, url: batchAddress, body: { [source.batch.keys]: keys } });
    const items = status === 200 && isObject(body) ? ownMember(body, source.batch.items) : undefined;
    if (!Array.isArray(items) || items.length !== keys.length) throw new RegisterFailure(register, 'malformed');
    return keys.map((key, position) => [key, items[position] === null ? null : checked(items[position], key)]);
  };
  return {
    one: async (key, context) => {
      const reply = await client.post({ ...context, url: readAddress, body: { [source.read.key]: key } });
      return reply.status === 404 ? notFound(reply, register) : checked(reply.body, key);
    },
    many: async (keys, context) => new Map((await Promise.all(chunksOf(keys, source.batch.max).map((chunk) => batch(chunk, context)))).flat()),
  };
}

/** Only the register's own word for it means that nobody has the number; any other 404 is a wrong address. */
function notFound({ body }: JsonReply, register: string): null {
  const error = isObject(body) ? ownMember(body, 'error') : undefined;
  if (isObject(error) && ownMember(error, 'code') === 'NOT_FOUND') return null;
  throw new RegisterFailure(register, 'malformed');
}

function addressOf(url: string, path: string): URL {
  return new URL(`${url.replace(/\/+$/, '')}${path}`);
}

function chunksOf(keys: readonly string[], size: number): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(keys.length / size) }, (_, chunk) => keys.slice(chunk * size, (chunk + 1) * size));
}
