import { commonFields, type CommonFields, type EntryFacts } from './every-entry.js';

/** The configuration names a sink of the log for the first time, names another one under its name, or does not name it any more. */
export interface SinkBody extends CommonFields<'sink'> {
  readonly act: 'sink_added' | 'sink_changed' | 'sink_removed';
  /** Name of the sink in the configuration. */
  readonly sink: string;
  /** Where it leads: `https siem.example.kz:8443`, `syslog siem.example.kz:6514`, `file /var/log/tereze.jsonl`. No path and no secret of an address. */
  readonly target: string;
  /** SHA-256 of everything that says where it leads, hex. */
  readonly targetHash: string;
  /** Whether case numbers go there. */
  readonly cases: boolean;
}

/** Returns the entry of a change of the sinks. */
export function sinkEntry({ act, sink, target, targetHash, cases, ...facts }: EntryFacts<SinkBody>): SinkBody {
  return { ...commonFields('sink', facts), act, sink, target, targetHash, cases };
}
