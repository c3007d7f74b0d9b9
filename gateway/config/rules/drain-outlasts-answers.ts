import type { ConfigRule } from './rule.js';

/** A gateway that stops waits as long as an answer may take, so that no request in flight is cut off. */
export const drainOutlastsAnswers: ConfigRule = ({ server, limits }) =>
  server.limits.drain_ms < limits.answer_ms
    ? [
        {
          path: ['server', 'limits', 'drain_ms'],
          problem: `must be at least ${limits.answer_ms}, as limits.answer_ms: a request in flight may take that long`,
        },
      ]
    : [];
