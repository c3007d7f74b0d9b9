import { compileCasePattern, type CasePatterns } from '../../schemas/caller-texts/case-number.js';
import type { AuthenticationConfig } from '../config/parts/authentication.js';

/** Returns the forms of case numbers that agencies declare (`case_pattern`), each compiled once. */
export function casePatterns(agencies: AuthenticationConfig['agencies']): CasePatterns {
  const declared = new Map(
    agencies.flatMap(({ id, case_pattern: pattern }) =>
      pattern === undefined ? [] : [[id, compileCasePattern(pattern)] as const],
    ),
  );
  return (agency) => declared.get(agency);
}
