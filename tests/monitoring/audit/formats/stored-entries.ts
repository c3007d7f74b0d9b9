import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../../gateway/state/package-root.js';
import { canonicalBytes, leafHash } from '../../../../monitoring/audit/canonical.js';
import type { StoredBody } from '../../../../monitoring/audit/entries.js';
import type { StoredEntry } from '../../../../monitoring/audit/stored-entry.js';

const FOLDER = join(packageRoot(), 'tests', 'golden', 'entries');

/** The golden entries of all versions, by `<version>/<file>`. */
export function goldenBodies(): ReadonlyMap<string, StoredBody> {
  return new Map(
    readdirSync(FOLDER).flatMap((version) =>
      readdirSync(join(FOLDER, version)).map((file): [string, StoredBody] => [
        `${version}/${file}`,
        JSON.parse(readFileSync(join(FOLDER, version, file), 'utf8')) as StoredBody,
      ]),
    ),
  );
}

/** A body as the log has it, unchanged. */
export function storedBody(body: object, index = 7): StoredEntry {
  const bytes = canonicalBytes(body);
  return {
    log: 'tereze/3',
    index,
    bytes,
    body: body as StoredBody,
    leafHash: leafHash(bytes).toString('hex'),
    intact: true,
    differences: [],
    answerSalt: null,
  };
}
