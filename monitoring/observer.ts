import type { Observer } from '../schemas/ports/observer.js';
import type { WriteLog } from './log.js';
import type { Metrics } from './metrics.js';

/** The observer of the installation: lines to the log, numbers to the metrics. Never throws. */
export function createObserver(write: WriteLog, metrics: Metrics): Observer {
  return {
    log: (level, event, fields = {}) => write(level, event, fields),
    count: (metric, labels = {}, added = 1) => metrics.count(metric, labels, added),
    duration: (metric, seconds, labels = {}) => metrics.duration(metric, seconds, labels),
    gauge: (metric, value, labels = {}) => metrics.gauge(metric, value, labels),
  };
}
