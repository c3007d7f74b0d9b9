import type { Command } from 'commander';
import type { Terminal } from '../terminal.js';
import { addAffected } from './affected.js';
import { addApproval } from './approval.js';
import { addArchive } from './archive.js';
import { addErase } from './erase.js';
import { addExport } from './export/export.js';
import { addKey } from './key.js';
import { addList } from './list.js';
import { addReconcile } from './reconcile.js';
import { addRetention } from './retention.js';
import { addShow } from './show.js';
import { addVerify } from './verify.js';

/** `tereze audit`: what happened. */
export function addAudit(program: Command, terminal: Terminal): void {
  const audit = program.command('audit');
  for (const add of [
    addAffected,
    addApproval,
    addArchive,
    addErase,
    addExport,
    addKey,
    addList,
    addReconcile,
    addRetention,
    addShow,
    addVerify,
  ])
    add(audit, terminal);
}
