import { createSecretKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { importJWK, type JWK } from 'jose';
import { stateOptions } from '../../gateway/cli/installed-state.js';
import { attachState } from '../../gateway/state/open.js';
import type { EntrySubject } from '../../monitoring/audit/entries.js';
import { openDataKey } from '../../monitoring/identity/data-key.js';
import { recipientId } from '../../monitoring/recipients.js';
import { keyIdOf, openIdentity } from '../../monitoring/identity/sealed-identity.js';
import { commandLine } from '../gateway/cli/command-line.js';
import { startSystem, type RunningSystem } from './running-system.js';

const APPLICANT = '880514391012';

interface Row {
  readonly position: number;
  readonly sealed: Buffer;
  readonly data_key: string;
}

describe('the people of entries', () => {
  let system: RunningSystem;
  let rows: readonly Row[];
  let everything: string;
  let subjects: readonly EntrySubject[];
  before(async () => {
    system = await startSystem();
    const access = await system.as('housing', 'housing_queue', 'HQ-2026-000101');
    const { tereze } = await system.ask(access, { documentId: 'HousingQueue', variables: { iin: APPLICANT } });
    const [, completion] = await system.entries(tereze.requestId);
    subjects = completion !== undefined && 'subjects' in completion ? completion.subjects : [];
    const state = await attachState(stateOptions(system.config));
    try {
      ({ rows } = await state.sql.query<Row>(
        `SELECT s.position, s.sealed, k.sealed AS data_key FROM audit_subject s
         JOIN audit_entry e USING (log_id, index) JOIN audit_data_key k ON k.key_id = substring(s.sealed FROM 2 FOR 16)
         WHERE e.request_id = $1 AND e.kind = 'completion' ORDER BY s.position`,
        [tereze.requestId],
      ));
      const tables = ['audit_entry', 'audit_subject', 'audit_data_key'];
      const texts = await Promise.all(
        tables.map(async (table) => (await state.sql.query<{ t: string }>(`SELECT t::text AS t FROM ${table} t`)).rows),
      );
      everything = texts
        .flat()
        .map(({ t }) => t)
        .join('\n');
    } finally {
      await state.close();
    }
  });
  after(() => system.stop());

  const keyFile = (): string => join(dirname(system.country.config), 'secrets', 'identity.jwks');
  const privateKey = async () => {
    const file = keyFile();
    const { keys } = JSON.parse(readFileSync(file, 'utf8')) as { keys: [JWK & { x: string }] };
    const key = await importJWK(keys[0], 'ECDH-ES+A256KW');
    if (key instanceof Uint8Array) throw new TypeError('a symmetric key');
    return { id: recipientId(keys[0].x), key };
  };

  it('are sealed, each of them, and only the private key outside the gateway opens them', async () => {
    expect(rows).to.have.lengthOf(subjects.length);
    const key = await privateKey();
    const opened = await Promise.all(
      rows.map(async ({ sealed, data_key: dataKey }) => {
        const id = keyIdOf(sealed) ?? Buffer.alloc(0);
        return openIdentity(sealed, { id, key: createSecretKey(await openDataKey(dataKey, id, [key])) });
      }),
    );
    expect(opened).to.include(APPLICANT);
    expect(new Set(opened)).to.have.length(subjects.length);
    expect(new Set(rows.map(({ sealed }) => sealed.length))).to.deep.equal(new Set([77]));
  });

  it('have data keys that are sealed to the recipients of today, which the holder of a private key can see', async () => {
    const rotate = (file: string) =>
      commandLine([
        ...['identity', 'key', 'rotate', '--key', file, '--config', system.country.config, '--json'],
        ...['--reason', 'a second recipient is added'],
      ]);
    const { code, out } = await rotate(keyFile());
    expect(code).to.equal(0);
    expect(JSON.parse(out)).to.include({ sealed: 0, notOpened: 0 }).and.to.have.property('current').that.is.above(0);
    expect(await rotate(system.country.config)).to.include({ code: 1, out: '' });
    const listed = ['audit', 'list', '--config', system.country.config, '--outcome', 'data_keys_resealed'];
    const { out: entries } = await commandLine(listed);
    expect(entries).to.include('a second recipient is added').and.to.include('data_keys_resealed');
  });

  it('are identified by a process that says what its configuration lacks', async () => {
    const words = ['identity', 'serve', '--key', keyFile(), '--directory', dirname(keyFile())];
    const { code, error } = await commandLine([...words, '--config', system.country.config]);
    expect(code).to.equal(1);
    expect(error).to.include('audit.identity.server');
  });

  it('are committed to by the entry, and in no column in the clear', async () => {
    for (const { sealed } of subjects) expect(sealed).to.match(/^[0-9a-f]{64}$/);
    const hex = Buffer.from(APPLICANT).toString('hex');
    for (const number of [APPLICANT, hex, Buffer.from(APPLICANT, 'utf16le').toString('hex')])
      expect(everything).not.to.include(number);
    const { code, out } = await commandLine(['audit', 'verify', '--config', system.country.config]);
    expect({ code, out }).to.include({ code: 0 });
  });
});
