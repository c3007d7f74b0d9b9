/** A log, and the checkpoint up to which it goes into the archive. */
export interface LogToArchive {
  /** Name in the database. */
  readonly logId: string;
  readonly checkpoint: { readonly size: number; readonly root: Buffer; readonly note: string };
  /** Entries before it are in an archive already, and may be missing from the database. */
  readonly from: number;
  /** Entries of the archived months have smaller indexes. */
  readonly to: number;
}

/** Why entries cannot be archived. */
export type ArchiveFault = 'too_early' | 'held' | 'unsigned' | 'later_entries';

/** Entries cannot be archived. Nothing was removed. */
export class ArchiveRefused extends Error {
  readonly fault: ArchiveFault;
  constructor(fault: ArchiveFault, message: string) {
    super(message);
    this.name = 'ArchiveRefused';
    this.fault = fault;
  }
}
