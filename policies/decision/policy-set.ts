import * as cedar from './cedar.js';
import { lineAt, lineOf, messageOf } from './cedar-errors.js';
import { PolicyFileInvalid } from './policy-file-invalid.js';
import type { RuleFile } from './rule-files.js';

const REQUIRED_ANNOTATIONS = ['id', 'law', 'basis', 'title'] as const;

/** One policy of the set, under the id that the audit log names as a reason. */
export interface PolicyText {
  readonly id: string;
  readonly law: string;
  readonly basis: string;
  readonly title: string;
  readonly effect: 'permit' | 'forbid';
  /** As the file has it. */
  readonly text: string;
  readonly file: string;
  /** Line of the file in which `text` begins, from 1. */
  readonly line: number;
  /** Cedar's own JSON form. */
  readonly json: cedar.PolicyJson;
}

/**
 * Splits policy files into policies, sorted by `@id`.
 *
 * @throws {@link PolicyFileInvalid} for a text that is not Cedar, a template, a missing or empty
 * annotation, or an id given twice. A set without policies is refused, because its folder is most
 * likely the wrong one.
 */
export function readPolicySet(files: readonly RuleFile[]): readonly PolicyText[] {
  const byId = new Map<string, PolicyText>();
  for (const { file, text } of files) {
    for (const policy of policiesOf(file, text)) {
      if (byId.has(policy.id)) throw new PolicyFileInvalid({ file, problem: `the id "${policy.id}" is given twice` });
      byId.set(policy.id, policy);
    }
  }
  if (byId.size === 0) throw new PolicyFileInvalid({ file: files[0]?.file ?? 'rules', problem: 'holds no policy' });
  return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function policiesOf(file: string, text: string): readonly PolicyText[] {
  const parts = cedar.policySetTextToParts(text);
  if (parts.type === 'failure')
    throw new PolicyFileInvalid({ file, line: lineOf(parts.errors, text), problem: messageOf(parts.errors) });
  if (parts.policy_templates.length > 0) throw new PolicyFileInvalid({ file, problem: 'templates are not used here' });
  return parts.policies.map((policy) => annotated(file, policy, lineAt(text, text.indexOf(policy))));
}

function annotated(file: string, text: string, line: number): PolicyText {
  const parsed = cedar.policyToJson(text);
  if (parsed.type === 'failure') throw new PolicyFileInvalid({ file, line, problem: messageOf(parsed.errors) });
  const { annotations = {}, effect } = parsed.json;
  for (const name of REQUIRED_ANNOTATIONS) {
    if ((annotations[name] ?? '') === '')
      throw new PolicyFileInvalid({ file, line, problem: `a policy lacks @${name}` });
  }
  const { id = '', law = '', basis = '', title = '' } = annotations;
  return { id, law, basis, title, effect, text, file, line, json: parsed.json };
}
