import type { z } from 'zod';
import type { Sql } from '../../schemas/ports/sql.js';
import { hoursOf, isAnchored, type anchorConfig } from '../anchor-config.js';
import { AnchorAge } from './anchor-age.js';
import { Anchoring } from './anchoring.js';
import { Coverage } from './coverage.js';
import { openAnchors, type AnchorPorts } from './open-anchors.js';

const HOUR_MS = 3_600_000;
const LEASE_MS = 30_000;

/** The parts of `audit` in the configuration that are about anchors. */
export interface AnchoringConfig {
  readonly anchor?: z.output<typeof anchorConfig>;
  /** `6h`, `2d`. */
  readonly anchor_max_age?: string | undefined;
}

export interface AnchoringPorts extends AnchorPorts {
  readonly sql: Sql;
  /** Whether the database may be believed. */
  readonly isStateCurrent: () => boolean;
}

/** The audit log is being proven outside. */
export interface OpenAnchoring {
  /** Whether it is, or may be, unproven for longer than is allowed. Asks nothing. */
  readonly isOverdue: () => boolean;
  /** Asks no one any more, and breaks off what is under way. Never rejects. */
  readonly close: () => Promise<void>;
}

/**
 * Begins to have the audit log proven by those outside that the configuration names. Resolves when it is known how much is
 * proven, or that it cannot be known. Rejects with `AnchorFileFailure` if a file cannot be used.
 */
export async function openAnchoring(
  { anchor: named, anchor_max_age: maxAge }: AnchoringConfig,
  ports: AnchoringPorts,
): Promise<OpenAnchoring> {
  if (!isAnchored(named)) return { isOverdue: () => false, close: async () => undefined };
  const { sql, clock, observer, random, isStateCurrent } = ports;
  const anchors = openAnchors(named, ports);
  const coverage = new Coverage({
    sql,
    anchors: anchors.map(({ anchor }) => anchor),
    onInvalid: ({ logId: log, size, name: anchor }) =>
      observer.log('error', 'audit_anchor_invalid', { log, size, anchor }),
  });
  const maxAgeMs = maxAge === undefined ? undefined : hoursOf(maxAge) * HOUR_MS;
  const age = new AnchorAge({ coverage, clock, observer, maxAgeMs });
  const holder = random.uuid();
  const anchoring = new Anchoring({ sql, clock, observer, anchors, holder, leaseMs: LEASE_MS, isStateCurrent });
  anchoring.start();
  await age.start();
  return {
    isOverdue: () => age.isOverdue(),
    close: async () => {
      const closed = anchoring.close();
      for (const { anchor } of anchors) anchor.close();
      await closed;
      await age.close();
    },
  };
}
