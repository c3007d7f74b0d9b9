import { existsSync, writeFileSync } from 'node:fs';
import type { PlannerReply, PlannerRequest } from '../../../../gateway/planning/planner/protocol.js';

/** A planner's process that does what a document says: dies, or never answers, at work or asleep. */
function main(): void {
  process.once('disconnect', () => process.exit());
  process.on('message', (request: PlannerRequest) => {
    if ('load' in request) return reply({ loaded: { overridePercentages: [] } });
    const { document } = request.plan;
    const [, mark] = /^die once (.+)/.exec(document) ?? [];
    if (mark !== undefined && existsSync(mark)) return reply({ planned: {} });
    if (mark !== undefined) writeFileSync(mark, '');
    if (document.startsWith('die')) process.kill(process.pid, 'SIGKILL');
    else if (document.startsWith('leave')) process.exit(0);
    else if (document.startsWith('toil')) for (;;) process.hrtime();
    else if (!document.startsWith('sleep')) reply({ planned: {} });
  });
}

const reply = (said: PlannerReply): void => void process.send?.(said);

main();
