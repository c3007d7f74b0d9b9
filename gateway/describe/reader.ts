import type { RegisterDescription } from './description.js';

/** A document that the command was given, unread. */
export interface DocumentFile {
  /** As the command line names it. */
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** A service of X-Road. Absent parts are not told. */
export interface XroadService {
  readonly instance: string;
  readonly memberClass: string;
  readonly memberCode: string;
  readonly subsystem: string;
  readonly serviceCode: string | undefined;
  readonly version: string | undefined;
}

/** What a steward asks a reader. */
export interface ReadRequest {
  readonly document: DocumentFile;
  /**
   * Returns what a reference outside the document leads to: the file of `--import` for an address, or a file in the
   * document's own folder or below it. Undefined if there is none. Nothing is fetched.
   */
  readonly referenced: (location: string) => DocumentFile | undefined;
  /** `--operation`: those that are wanted, by name or alias. Empty: all are described, to be listed. */
  readonly operations: readonly string[];
  /** `--example`: example answers by name of the operation. */
  readonly examples: ReadonlyMap<string, DocumentFile>;
  /** `--personal`: parameters, and members of records of the same name, that identify a person. */
  readonly personal: ReadonlySet<string>;
  /** `--constant`: parameters that have one value for the gateway. */
  readonly constants: ReadonlyMap<string, string>;
  /** `--xroad`: the service of X-Road through which the register is asked. */
  readonly xroad?: XroadService | undefined;
  /** `--reads`: operations that only read, though their names sound like a change. */
  readonly reading: ReadonlySet<string>;
  /** `--depth`: how often a type that contains itself is written, one in the other. At least 1. */
  readonly depth: number;
}

/** A document that cannot be read at all: not the language, or beyond a limit. */
export class DocumentFault extends Error {
  /** `place` as in {@link Said}. The message is about the document's form, and repeats no value of it. */
  constructor(
    readonly place: string,
    message: string,
  ) {
    super(message);
    this.name = 'DocumentFault';
  }
}

/**
 * Reads documents of one language. It runs in a process without secrets and with limits of time and memory
 * (`described.ts`): it opens no file and no connection by itself. Throws {@link DocumentFault}.
 */
export interface DescriptionReader {
  /** The word after `--from`. */
  readonly kind: string;
  read(request: ReadRequest): RegisterDescription | Promise<RegisterDescription>;
}

/** What a steward asks of a database. */
export interface DatabaseRequest {
  /** As the command line names it: `schema.table`. */
  readonly source: string;
  /** Address of the database with its credential. No message may hold it. */
  readonly databaseUrl: string;
  readonly personal: ReadonlySet<string>;
  /** `--constant`: `time_zone` is the zone of times that are written without one. */
  readonly constants: ReadonlyMap<string, string>;
  /** `--example`: rows as JSON, whose members say what the columns of JSON hold. */
  readonly examples: readonly DocumentFile[];
}

/** Describes a table or view from the catalogue of a live database. Throws {@link DocumentFault}, without the address. */
export interface DatabaseReader {
  readonly kind: string;
  read(request: DatabaseRequest): Promise<RegisterDescription>;
}
