import { createRequire } from 'node:module';
import type { QueryPlanner } from '@graphql-hive/router-query-planner';

/** What the planner's package offers. */
export interface PlannerPackage {
  readonly QueryPlanner: typeof QueryPlanner;
}

/** The query planner's native library does not load here. */
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
 * Loads the planner's package when it is needed and not with this module: it throws while it loads
 * where no native library fits, and what it says then blames npm.
 */
export function loadNativePlanner(load: (name: string) => unknown = createRequire(import.meta.url)): PlannerPackage {
  try {
    return load('@graphql-hive/router-query-planner') as PlannerPackage;
  } catch (cause) {
    throw new PlannerUnavailable({ cause });
  }
}
