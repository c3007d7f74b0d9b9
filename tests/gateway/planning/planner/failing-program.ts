import { existsSync, writeFileSync } from 'node:fs';
import type { PlannerReply, PlannerRequest } from '../../../../gateway/planning/planner/protocol.js';

/**
 * A planner's process that does what a document says: dies, never answers, at work or asleep, or answers once a file is
 * there. It never loads a supergraph that is held by a file.
 */
function main(): void {
  process.once('disconnect', () => process.exit());
  process.on('message', (request: PlannerRequest) => {
    if ('load' in request) return load(request.load.supergraphSdl);
    const { document } = request.plan;
    const [, awaited] = /^wait for (.+)/.exec(document) ?? [];
    if (awaited !== undefined) return whenThere(awaited, () => reply({ planned: {} }));
    const [, mark] = /^die once (.+)/.exec(document) ?? [];
    if (mark !== undefined && existsSync(mark)) return reply({ planned: {} });
    if (mark !== undefined) writeFileSync(mark, '');
    if (document.startsWith('die')) process.kill(process.pid, 'SIGKILL');
    else if (document.startsWith('leave')) process.exit(0);
    else if (document.startsWith('toil')) for (;;) process.hrtime();
    else if (!document.startsWith('sleep')) reply({ planned: {} });
  });
}

function load(supergraphSdl: string): void {
  const [, holder] = /# held by (.+)/.exec(supergraphSdl) ?? [];
  if (holder === undefined || !existsSync(holder)) reply({ loaded: { overridePercentages: [] } });
}

function whenThere(file: string, call: () => void): void {
  if (existsSync(file)) call();
  else setTimeout(() => whenThere(file, call), 10);
}

const reply = (said: PlannerReply): void => void process.send?.(said);

main();
