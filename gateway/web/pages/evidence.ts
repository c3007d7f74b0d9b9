import type { LogEvidence } from '../../../monitoring/audit/published/evidence.js';
import { Refusal } from '../../../schemas/refusal.js';
import type { Page } from '../page.js';

/**
 * With what the script of an entry's page verifies the entry.
 *
 * Contract: holds hashes, signatures and public keys only, so that everyone may have it.
 */
export interface EvidenceSource {
  /** Resolves with undefined if no signed checkpoint reaches the entry yet. */
  of(wanted: {
    readonly log: number;
    readonly index: number;
    readonly oldSize: number;
  }): Promise<LogEvidence | undefined>;
  /** Resolves with the verifier keys of a log, the current one first; none where checkpoints are not signed. */
  keys(log: number): Promise<readonly string[]>;
}

/** What the script gets. */
export interface EvidenceData {
  readonly keys: readonly string[];
  /** Null: no checkpoint reaches the entry yet. */
  readonly evidence: LogEvidence | null;
}

const NUMBER = /^(?:0|[1-9]\d{0,14})$/;

/** Returns what an entry is verified with: no part of the entry itself. */
export function evidencePage({ evidence }: { readonly evidence: EvidenceSource }): Page {
  return {
    method: 'GET',
    path: '/{language}/entries/{log}/{index}/evidence',
    run: async ({ parameters, query }) => {
      const texts = [parameters['log'] ?? '', parameters['index'] ?? '', query.get('old') ?? '0'];
      if (!texts.every((text) => NUMBER.test(text))) throw new Refusal('NOT_FOUND');
      const [log = 0, index = 0, oldSize = 0] = texts.map(Number);
      const found = await evidence.of({ log, index, oldSize });
      const body: EvidenceData = { keys: await evidence.keys(log), evidence: found ?? null };
      return { kind: 'data', body };
    },
  };
}
