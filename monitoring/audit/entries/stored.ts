import type { CommonFields } from './every-entry.js';
import type { EntrySubject } from './subject.js';

/**
 * A body as the log may hold it, of any version. In versions 1 to 3 each of `subjects` is the commitment to the person,
 * and no entry states its configuration.
 */
export type Stored<Body extends CommonFields<string>> = Body extends unknown
  ? Omit<Body, 'schemaVersion' | 'subjects' | 'configuration'> & { readonly schemaVersion: number } & (Body extends {
        readonly subjects: unknown;
      }
        ? { readonly subjects: readonly StoredSubject[] }
        : unknown) &
      (Body extends { readonly configuration: infer Configuration }
        ? { readonly configuration?: Configuration }
        : unknown)
  : never;

/** A person as a stored body states it: versions 1 to 3 have the commitment to the identifier alone. */
export type StoredSubject = string | EntrySubject;
