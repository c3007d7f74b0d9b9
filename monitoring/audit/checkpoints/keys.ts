import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { open } from 'node:fs/promises';
import { codeOf } from '../../../schemas/error-code.js';
import { createNoteSigner, rawPublicKey, verifierKeyOf, type NoteSigner } from '../tree/note.js';

/**
 * The keys that sign checkpoints.
 *
 * Contract: `signers` resolves with a signer for each key that signs at present, the current one first, at least one.
 * Rejects with {@link KeyFailure} if there is none or it cannot be used. A private key never leaves the provider.
 */
export interface CheckpointKeys {
  /** @param log name of the log, which is the name of its keys: `log.example.kz/tereze/0`. */
  signers(log: string): Promise<readonly NoteSigner[]>;
}

/** A key cannot be used. The message says which file, why, and what to do; it holds nothing of the key. */
export class KeyFailure extends Error {
  readonly code: 'KEY_UNREADABLE' | 'KEY_EXPOSED' | 'KEY_MALFORMED';
  constructor(code: KeyFailure['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'KeyFailure';
    this.code = code;
  }
}

/** More than a file of a few keys has. */
const MAX_BYTES = 65_536;
const BEGIN_PRIVATE = '-----BEGIN PRIVATE KEY-----';
const BEGIN = /^-----BEGIN (?:PRIVATE|PUBLIC) KEY-----$/;
/** The line above a key that says how long it signs. */
const UNTIL = /^Signs until: (\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d))$/;
/** How long a former key signs beside the new one, in milliseconds. */
const BOTH_SIGN_MS = 24 * 3_600_000;

/** Keys of a file. */
export interface FileKeys extends CheckpointKeys {
  /** Resolves with the verifier keys of all keys of the file, those that sign no more included. The current one first. */
  verifierKeys(log: string): Promise<readonly string[]>;
}

interface KeptKey {
  readonly key: KeyObject;
  /** From then on it signs no more. Undefined: as long as it is there. */
  readonly until: Date | undefined;
}

/**
 * Returns the keys of a file: Ed25519 keys in PEM, the current one first. Private ones (PKCS #8) sign, until the time that
 * the line above them states (`Signs until: 2026-12-01T10:00:00.000Z`) if there is one; public ones only verify what they
 * signed once. The file is read each time, so that a key that is added or removed counts from then on.
 *
 * @param now real time.
 */
export function createFileKeys(file: string, now: () => Date): FileKeys {
  return {
    signers: async (log) => {
      const keys = (await readKeys(file)).filter((one) => signsAt(one, now()));
      if (keys.length === 0) throw malformed(file);
      return keys.map(({ key }) => createNoteSigner(log, key));
    },
    verifierKeys: async (log) => (await readKeys(file)).map(({ key }) => verifierKeyOf(log, publicOf(key))),
  };
}

/** A new key, and the text of the file with it. */
export interface RotatedKeys {
  /** Base64 of the new public key (32 bytes). */
  readonly publicKey: string;
  /** When the former keys end to sign. */
  readonly until: Date;
  /** The whole file: the new key first, then the former ones. */
  readonly text: string;
}

/**
 * Resolves with a file that has a new key. Those that sign now sign for another 24 hours; of those that sign no more, the
 * public part stays. Writes nothing. Rejects with {@link KeyFailure} if the file cannot be used.
 */
export async function rotateKeys(file: string, now: Date): Promise<RotatedKeys> {
  const former = await readKeys(file);
  const until = new Date(now.getTime() + BOTH_SIGN_MS);
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const kept = former.map((one): string => {
    if (!signsAt(one, now)) return publicOf(one.key).export({ format: 'pem', type: 'spki' }).toString();
    return `Signs until: ${(one.until ?? until).toISOString()}\n${pemOf(one.key)}`;
  });
  return {
    publicKey: rawPublicKey(publicKey).toString('base64'),
    until,
    text: [pemOf(privateKey), ...kept].join('\n'),
  };
}

function pemOf(key: KeyObject): string {
  return key.export({ format: 'pem', type: 'pkcs8' }).toString();
}

function publicOf(key: KeyObject): KeyObject {
  return key.type === 'public' ? key : createPublicKey(key);
}

function signsAt({ key, until }: KeptKey, now: Date): boolean {
  return key.type === 'private' && (until === undefined || now < until);
}

/** A key as it is in a file: lines of PEM, and the time above them. */
interface KeyBlock {
  readonly lines: string[];
  readonly until: Date | undefined;
}

/** Every line counts: one that means nothing could be a mistyped end of a key, which would then sign for ever. */
async function readKeys(file: string): Promise<readonly KeptKey[]> {
  const blocks: KeyBlock[] = [];
  let open: KeyBlock | undefined;
  let until: Date | undefined;
  for (const [nth, line] of (await readOwnFile(file)).split(/\r?\n/).entries()) {
    const refused = (problem: string): KeyFailure =>
      new KeyFailure('KEY_MALFORMED', `the key file ${file}, line ${nth + 1}: ${problem}`);
    if (open !== undefined) {
      open.lines.push(line);
      if (line.startsWith('-----END ')) open = undefined;
    } else if (BEGIN.test(line)) {
      if (until !== undefined && line !== BEGIN_PRIVATE) throw refused('only a private key signs until a time');
      open = { lines: [line], until };
      blocks.push(open);
      until = undefined;
    } else if (until !== undefined) throw refused('`Signs until:` stands directly above its key');
    else until = readEnd(line, refused);
  }
  if (blocks.length === 0 || open !== undefined || until !== undefined) throw malformed(file);
  return blocks.map(({ lines, until: ends }) => ({
    key: readKey(file, lines.join('\n'), lines[0] === BEGIN_PRIVATE ? createPrivateKey : createPublicKey),
    until: ends,
  }));
}

/** Returns the time that a line states, or undefined for an empty line and a comment. Any other line is refused. */
function readEnd(line: string, refused: (problem: string) => KeyFailure): Date | undefined {
  const [, time] = UNTIL.exec(line) ?? [];
  if (time === undefined) {
    if (line === '' || line.startsWith('#')) return undefined;
    throw refused(
      'neither a PEM key (openssl genpkey -algorithm ed25519), nor `Signs until: 2026-12-01T10:00:00Z`, nor a comment after #',
    );
  }
  const end = new Date(time);
  if (Number.isNaN(end.getTime())) throw refused('there is no such time');
  return end;
}

/** Reads a file that no one else may read. The rights are those of the file that is read, not of one that replaced it. */
export async function readOwnFile(file: string): Promise<string> {
  const handle = await open(file, 'r').catch((cause: unknown) => {
    throw new KeyFailure(
      'KEY_UNREADABLE',
      `the key file ${file} cannot be read (${codeOf(cause) ?? 'unknown'})`,
      cause,
    );
  });
  try {
    const { mode, size } = await handle.stat();
    if ((mode & 0o077) !== 0)
      throw new KeyFailure(
        'KEY_EXPOSED',
        `the key file ${file} has mode ${(mode & 0o777).toString(8).padStart(4, '0')}, so that others may use the key: run chmod 600 ${file}`,
      );
    if (size > MAX_BYTES) throw malformed(file);
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

function readKey(file: string, pem: string, read: (pem: string) => KeyObject): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = read(pem);
  } catch {
    // The cause could quote the file.
  }
  if (key?.asymmetricKeyType !== 'ed25519') throw malformed(file);
  return key;
}

function malformed(file: string): KeyFailure {
  return new KeyFailure(
    'KEY_MALFORMED',
    `the key file ${file} must hold private Ed25519 keys in PEM: openssl genpkey -algorithm ed25519`,
  );
}
