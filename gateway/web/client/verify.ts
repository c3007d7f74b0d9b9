import type { EvidenceData } from '../pages/evidence.js';
import { verifyEntry, type Kept, type VerifiedEntry } from './verify-entry.js';

// The script of an entry's page. The project has no types of browsers: these are the few that it needs.
interface Part {
  textContent: string | null;
  className: string;
  hidden: boolean;
  disabled?: boolean;
  readonly dataset: Readonly<Record<string, string | undefined>>;
  append(child: Part): void;
  replaceChildren(): void;
  addEventListener(event: 'click', listener: () => void): void;
  querySelector(selector: string): Part | null;
}
declare const document: Pick<Part, 'querySelector'> & { createElement(name: string): Part };
declare const localStorage: { getItem(name: string): string | null; setItem(name: string, value: string): void };

/** A checkpoint is signed each second. An entry that none holds after this many is a failure. */
const TRIES = 60;
const AGAIN_MS = 1_000;

/** Lines of the page, by check. */
const LINES = {
  'entry hashes to its leaf': 'leaf',
  'proof is one, of this entry': 'proof',
  'checkpoint is signed by a given key': 'signature',
  'checkpoint is of the receipt’s log': 'log',
  'leaf is in the tree of the checkpoint': 'inclusion',
  'log has only grown': 'growth',
} as const;

const kept: Kept = {
  get: (name) => localStorage.getItem(name) ?? undefined,
  set: (name, value) => localStorage.setItem(name, value),
};

const HOLDS = '✓ ';
const FAILED = '✗ ';

const place = document.querySelector('#verify');
const button = place?.querySelector('button');
const list = place?.querySelector('ul');
if (place && button && list) {
  const { dataset } = place;
  const say = (name: string, mark = ''): void => {
    const line = document.createElement('li');
    line.textContent = `${mark}${dataset[`say${name.charAt(0).toUpperCase()}${name.slice(1)}`] ?? name}`;
    if (mark === FAILED) line.className = 'tereze-failed';
    list.append(line);
  };
  place.hidden = false;
  button.addEventListener('click', () => {
    button.disabled = true;
    list.replaceChildren();
    void verified(dataset)
      .then((result) => tell(result, say))
      .catch(() => say('unreachable', FAILED))
      .finally(() => (button.disabled = false));
  });
}

function tell(result: VerifiedEntry | undefined, say: (name: string, mark?: string) => void): void {
  if (result === undefined) return say('uncovered', FAILED);
  for (const { check, holds } of result.checks) say(LINES[check], holds ? HOLDS : FAILED);
  if (result.verified && !result.hadKept) say('first');
  say(result.verified ? 'verified' : 'failed');
}

/** Asks until a checkpoint holds the entry. */
async function verified({
  log = '',
  index = '',
  leafHash = '',
  bytes = '',
  evidence = '',
}: Part['dataset']): Promise<VerifiedEntry | undefined> {
  const fetchEvidence = async (oldSize: number): Promise<EvidenceData> => {
    const response = await fetch(`${evidence}?old=${oldSize}`, { redirect: 'error' });
    if (!response.ok) throw new Error('not answered');
    return (await response.json()) as EvidenceData;
  };
  for (let nth = 0; nth < TRIES; nth += 1) {
    const result = await verifyEntry({ log, index: Number(index), leafHash, bytes }, fetchEvidence, kept);
    if (result !== undefined) return result;
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
  return undefined;
}
