import { createSecretKey } from 'node:crypto';
import { systemRandom } from '../../gateway/compose/random.js';
import { prepareEntry } from '../../monitoring/audit/append/prepared-entry.js';
import { columnsOf } from '../../monitoring/audit/beside/columns.js';
import { canonicalBytes, leafHash } from '../../monitoring/audit/canonical.js';
import { commitment } from '../../monitoring/audit/commitment.js';
import { entrySubject, type EntryBody } from '../../monitoring/audit/entries.js';
import { sealIdentity } from '../../monitoring/identity/sealed-identity.js';
import { figures } from '../figures.js';
import { benchDraft } from './log.js';

/**
 * CPU of making an entry of version 4, whose subjects are three commitments and whose numbers are sealed, beside one of
 * version 3, whose subjects were one commitment each; for each subject. Without the database, to which both send the same
 * rows. `npm run bench:audit-version`
 */

const PEOPLE = 30;
const TIMES = 300;
const ROUNDS = 9;

const KEY = { id: systemRandom.bytes(16), key: createSecretKey(systemRandom.bytes(32)) };
const PERSONS = Array.from({ length: PEOPLE }, (_, nth) => ({
  identifier: String(930_122_492_025 + nth),
  token: systemRandom.bytes(16).toString('hex'),
}));

/** As the gateway does now. */
function version4(number: number): Buffer {
  const salts = PERSONS.map(() => systemRandom.bytes(16));
  const sealed = PERSONS.map(({ identifier }) => sealIdentity(identifier, KEY, systemRandom));
  const subjects = PERSONS.map((person, nth) =>
    entrySubject({ ...person, salt: salts[nth] ?? Buffer.alloc(0), sealed: sealed[nth] }),
  );
  const { body } = benchDraftWithout(number);
  return prepareEntry({
    body: { ...body, subjects } as EntryBody,
    beside: {
      subjectTokens: PERSONS.map(({ token }) => token),
      subjectSalts: salts.map((salt) => salt.toString('hex')),
      subjectSealed: sealed,
    },
  }).bytes;
}

/** As the gateway did before: a commitment to the number for each subject, and tokens that nothing commits to. */
function version3(number: number): Buffer {
  const salts = PERSONS.map(() => systemRandom.bytes(16));
  const subjects = PERSONS.map(({ identifier }, nth) => commitment(salts[nth] ?? Buffer.alloc(0), identifier));
  const { body } = benchDraftWithout(number);
  const earlier = { ...body, schemaVersion: 3, subjects } as unknown as EntryBody;
  const bytes = canonicalBytes(earlier);
  columnsOf(earlier);
  leafHash(bytes);
  return bytes;
}

const DRAFT = benchDraft(0);

/** One draft for all: making it is no part of either. */
function benchDraftWithout(number: number): Pick<typeof DRAFT, 'body'> {
  return { body: { ...DRAFT.body, requestId: `bench-${number}` } };
}

function cpuUs(make: (number: number) => Buffer): number {
  const before = process.cpuUsage();
  for (let nth = 0; nth < TIMES; nth += 1) make(nth);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / (TIMES * PEOPLE);
}

const rounds: { readonly earlier: number; readonly now: number }[] = [];
for (let round = 0; round <= ROUNDS; round += 1) rounds.push({ earlier: cpuUs(version3), now: cpuUs(version4) });
// The first round warms up.
const measured = rounds.slice(1);
const added = measured.map(({ now, earlier }) => now - earlier).sort((one, other) => one - other);
console.log(
  `CPU a subject, us: version 3 ${figures(measured.map(({ earlier }) => earlier)).p50.toFixed(1)}, ` +
    `version 4 with sealed identities ${figures(measured.map(({ now }) => now)).p50.toFixed(1)}; ` +
    `more: ${figures(added).p50.toFixed(1)} (${added[0]?.toFixed(1)} to ${added.at(-1)?.toFixed(1)})`,
);
