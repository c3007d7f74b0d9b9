import { PlannerProcess } from '../../../../gateway/planning/planner/planner-process.js';

/** A program that asks a planner's process, named by its only argument, once, and then has nothing left to do. */
async function main(program: string): Promise<void> {
  const reply = await new PlannerProcess(new URL(program)).ask(
    { plan: { key: 'k', document: '{ a }', share: 0 } },
    15_000,
  );
  process.stdout.write(JSON.stringify(reply));
}

void main(process.argv[2] ?? '');
