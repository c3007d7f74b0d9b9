import { bundleFiles, bundleProofs } from '../../../exports/bundle.js';
import { CommandFailure } from '../../command-failure.js';
import type { Exported, ExportRequested, PreparedExport } from './format.js';
import { rangeOf } from './rows.js';
import { asCommandFailure, checkEmpty, writeInto } from './tiles.js';

/**
 * Prepares a directory that someone without Tereze can verify offline. Rejects with `CommandFailure` if a log that has entries
 * has no checkpoint, or if there is something in the directory.
 */
export async function prepareBundle(requested: ExportRequested): Promise<PreparedExport> {
  const { opened, options, config } = requested;
  const { sql, clock } = opened;
  const out = await bundleDirectory(options.out);
  const { limit, filter, filters } = await rangeOf(requested);
  const proofs = await bundleProofs({ sql, clock, config }).catch(asCommandFailure);
  return {
    limit,
    filters,
    write: async (recorded): Promise<Exported> => {
      let unproven = 0;
      const leaveOut = (count: number): void => void (unproven = count);
      const write = writeInto(out);
      try {
        const files = bundleFiles({ sql, clock, ...proofs, filter, recorded, leaveOut });
        for await (const { path, bytes } of files) await write(path, bytes);
      } catch (error) {
        asCommandFailure(error);
      }
      const entries = recorded.written();
      const late = unproven === 0 ? '' : ` ${unproven} newer ones are not in it: no checkpoint signs them yet.`;
      return {
        entries,
        text: `${entries} ${entries === 1 ? 'entry' : 'entries'} with proofs in ${out}.${late}\nThis export is recorded as ${recorded.id}.\n`,
        json: { entries, unproven, directory: out, exportId: recorded.id },
      };
    },
  };
}

/** Resolves with the directory of a bundle. Rejects with `CommandFailure` if none is named, or if there is something in it. */
export async function bundleDirectory(out: string | undefined): Promise<string> {
  if (out === undefined) throw new CommandFailure('usage', '--format bundle needs --out, the directory that is made');
  await checkEmpty(out);
  return out;
}
