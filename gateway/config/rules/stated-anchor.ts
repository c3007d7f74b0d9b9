import { isAnchored } from '../../../monitoring/anchor-config.js';
import type { ConfigRule, RuleBreach } from './rule.js';

/**
 * In `production` the file says who outside proves the audit log, or that no one does. What is named must be able to prove
 * something: a signed checkpoint, now.
 */
export const statedAnchor: ConfigRule = ({ environment, audit }) => {
  const breach = (key: string, problem: string): RuleBreach => ({ path: ['audit', key], problem });
  const { anchor, anchor_max_age: maxAge, key_file: keyFile } = audit;
  if (environment === 'production' && anchor === undefined)
    return [
      breach(
        'anchor',
        'is missing: name who outside proves the audit log, or say `none`, which every receipt then says',
      ),
    ];
  if (isAnchored(anchor))
    return keyFile === undefined ? [breach('key_file', 'is missing: an anchor proves signed checkpoints')] : [];
  return [
    ...(anchor !== undefined && anchor !== 'none'
      ? [breach('anchor', 'names no one who is asked: name one that is not retired, or say `none`')]
      : []),
    ...(maxAge !== undefined ? [breach('anchor_max_age', 'needs audit.anchor: nothing would ever be proven')] : []),
  ];
};
