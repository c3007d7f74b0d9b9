import { createNoteVerifier } from '../../audit/tree/note.js';
import type { NoteVerifier } from '../../audit/tree/open-note.js';
import { AnchorFileFailure } from '../anchor.js';
import { createCosignatureVerifier, type CosignatureVerifier } from './cosignature.js';

/** A witness that a policy names. */
export interface PolicyWitness {
  readonly name: string;
  readonly verifier: CosignatureVerifier;
  /** Its submission prefix. Undefined: it cannot be asked. */
  readonly url: URL | undefined;
}

/** Which witnesses must have signed a checkpoint (C2SP tlog-policy). */
export interface WitnessPolicy {
  /** Keys of the logs that it is for. None: of any. */
  readonly logs: readonly NoteVerifier[];
  readonly witnesses: readonly PolicyWitness[];
  /** Returns whether these witnesses, by their names in the policy, are enough. */
  isQuorum(signed: ReadonlySet<string>): boolean;
}

/** Whether a witness or group has witnessed, given the witnesses that have signed. */
type Member = (signed: ReadonlySet<string>) => boolean;

/** Items stand apart by spaces and tabs only. A file is octets: what is not ASCII is kept as it is. */
const CONTROL = /[^\t\n\x20-\x7e\x80-\uffff]/;
const NONE = 'none';

/**
 * Returns the policy of a file. Throws {@link AnchorFileFailure}, which names file and line, where it is not what C2SP
 * tlog-policy allows, and also where no quorum is demanded: it would prove nothing. Keys of other types than Ed25519 are
 * refused.
 */
export function parseWitnessPolicy(text: string, file: string): WitnessPolicy {
  const parser = new PolicyParser();
  text.split('\n').forEach((line, at) => {
    try {
      parser.read(line);
    } catch (error) {
      if (!(error instanceof LineFault)) throw error;
      throw new AnchorFileFailure(`${file}, line ${at + 1}: ${error.message}`);
    }
  });
  const { logs, witnesses, quorum } = parser;
  if (quorum === undefined)
    throw new AnchorFileFailure(`${file}: there is no line \`quorum NAME\`, so that no witness is needed`);
  return { logs, witnesses, isQuorum: quorum };
}

/** What is wrong with a line. */
class LineFault extends Error {}

class PolicyParser {
  readonly logs: NoteVerifier[] = [];
  readonly witnesses: PolicyWitness[] = [];
  quorum: Member | undefined;
  readonly #members = new Map<string, Member>();
  readonly #grouped = new Set<string>();
  readonly #keys = new Set<string>();

  read(line: string): void {
    if (CONTROL.test(line)) throw new LineFault('has a control character');
    const [word, ...items] = line.split(/[ \t]+/).filter((item) => item !== '');
    if (word === undefined || word.startsWith('#')) return;
    switch (word) {
      case 'log':
        return this.#log(items);
      case 'witness':
        return this.#witness(items);
      case 'group':
        return this.#group(items);
      case 'quorum':
        return this.#quorum(items);
      default:
        throw new LineFault(`begins with \`${word}\`, not with log, witness, group or quorum`);
    }
  }

  #log([key, url, ...more]: readonly string[]): void {
    if (key === undefined || more.length > 0) throw new LineFault('must be `log VKEY [URL]`');
    const verifier = createNoteVerifier(key);
    if (verifier === undefined) throw new LineFault('has no verifier key of an Ed25519 log: name+id+base64, type 1');
    this.#use('log', key);
    if (url !== undefined) urlOf(url);
    this.logs.push(verifier);
  }

  #witness([name, key, url, ...more]: readonly string[]): void {
    if (name === undefined || key === undefined || more.length > 0)
      throw new LineFault('must be `witness NAME VKEY [URL]`');
    const verifier = createCosignatureVerifier(key);
    if (verifier === undefined)
      throw new LineFault('has no verifier key of an Ed25519 witness: name+id+base64, type 4');
    this.#use('witness', key);
    this.#define(name, (signed) => signed.has(name));
    this.witnesses.push({ name, verifier, url: url === undefined ? undefined : urlOf(url) });
  }

  #group([name, threshold, ...names]: readonly string[]): void {
    if (name === undefined || threshold === undefined || names.length === 0)
      throw new LineFault('must be `group NAME N|any|all MEMBER...`');
    const members = names.map((member) => this.#member(member));
    const least = threshold === 'all' ? members.length : threshold === 'any' ? 1 : decimal(threshold);
    if (least < 1 || least > members.length)
      throw new LineFault(`needs ${threshold} of ${members.length}: a number from 1 to ${members.length}, any or all`);
    this.#define(name, (signed) => members.filter((member) => member(signed)).length >= least);
  }

  #quorum([name, ...more]: readonly string[]): void {
    if (name === undefined || more.length > 0) throw new LineFault('must be `quorum NAME`');
    if (this.quorum !== undefined) throw new LineFault('is a second quorum');
    if (name === NONE) throw new LineFault('demands no witness, so that it proves nothing; say `audit.anchor: none`');
    const member = this.#members.get(name);
    if (member === undefined) throw new LineFault(`names \`${name}\`, which no line before defines`);
    this.quorum = member;
  }

  /** Returns a member of a group. Each may count in one group only. */
  #member(name: string): Member {
    const member = this.#members.get(name);
    if (member === undefined) throw new LineFault(`names \`${name}\`, which no line before defines`);
    if (this.#grouped.has(name)) throw new LineFault(`names \`${name}\`, which is a member already`);
    this.#grouped.add(name);
    return member;
  }

  #define(name: string, member: Member): void {
    if (name === NONE) throw new LineFault('defines `none`, which is not a name');
    if (this.#members.has(name)) throw new LineFault(`defines \`${name}\` again`);
    this.#members.set(name, member);
  }

  /** Two lines of one kind may not have the same public key, under whichever names. */
  #use(kind: 'log' | 'witness', key: string): void {
    const used = `${kind} ${key.slice(key.lastIndexOf('+') + 1)}`;
    if (this.#keys.has(used)) throw new LineFault(`has the key of another ${kind}`);
    this.#keys.add(used);
  }
}

/** Decimal without sign; NaN, which no comparison accepts, is turned into 0. */
function decimal(text: string): number {
  return /^[1-9][0-9]{0,3}$/.test(text) ? Number(text) : 0;
}

function urlOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.search !== '' || url.hash !== '')
    throw new LineFault(`has \`${text}\`, which is not the http or https address of a prefix`);
  return url;
}
