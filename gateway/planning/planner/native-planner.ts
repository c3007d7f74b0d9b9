import { createRequire } from 'node:module';
import type { QueryPlanner } from '@graphql-hive/router-query-planner';

/** The part of the planner's package that Tereze uses. */
export interface PlannerPackage {
  readonly QueryPlanner: typeof QueryPlanner;
}

/** The native library of the query planner cannot be loaded on this system. */
export class PlannerUnavailable extends Error {
  constructor(options?: { cause?: unknown }) {
    super(
      `the query planner cannot be loaded on ${process.platform} ${process.arch}: it needs Linux with glibc 2.30 or later (not musl, as in Alpine) or macOS, on x64 or arm64`,
      options,
    );
    this.name = 'PlannerUnavailable';
  }
}

/**
 * Loads the planner's package when it is needed. This module does not import it, because the package
 * throws while loading if no native library fits this system, with a message that blames npm. Throws
 * `PlannerUnavailable` instead.
 */
export function loadNativePlanner(load: (name: string) => unknown = createRequire(import.meta.url)): PlannerPackage {
  try {
    return load('@graphql-hive/router-query-planner') as PlannerPackage;
  } catch (cause) {
    throw new PlannerUnavailable({ cause });
  }
}
