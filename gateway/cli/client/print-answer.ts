import { stringify } from 'yaml';

interface ErrorView {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: {
    readonly code?: string;
    readonly reasons?: readonly string[];
    readonly paths?: readonly string[];
    readonly whoMustAct?: string;
    readonly consentRequest?: string;
    readonly endsAt?: string;
  };
}

/** An answer as far as it is printed. */
export interface AnswerView {
  readonly data?: unknown;
  readonly errors?: readonly ErrorView[];
  readonly extensions?: {
    readonly tereze?: {
      readonly requestId?: string;
      readonly receipt?: {
        readonly log: string;
        readonly index: number;
        readonly durability?: string;
        readonly anchor?: string;
      };
      readonly quality?: { readonly verdict: string; readonly records: readonly RecordView[] };
      readonly provenance?: readonly { readonly register: string; readonly calls: number; readonly contract: string }[];
    };
  };
}

interface RecordView {
  readonly path: readonly (string | number)[];
  readonly register: string;
  readonly verdict: string;
  readonly findings: readonly { readonly rule: string; readonly severity: string }[];
}

/**
 * Returns an answer for people to read: the data, then what was withheld and what to do about it, how
 * good it is, where it came from, and its entry in the log.
 *
 * @param advice what else the reader can do about a refusal.
 */
export function printAnswer(answer: AnswerView, advice?: string): string {
  const sections = [
    answer.data === undefined || answer.data === null ? undefined : stringify(answer.data).trimEnd(),
    errorSection(answer.errors ?? []),
    optionSection(answer.errors ?? []),
    advice,
    consentSection(answer.errors ?? []),
    qualitySection(answer),
    receiptSection(answer),
  ];
  return `${sections.filter((section) => section !== undefined).join('\n\n')}\n`;
}

function errorSection(errors: readonly ErrorView[]): string | undefined {
  if (errors.length === 0) return undefined;
  const lines = errors.map(({ message, path, extensions }) => {
    const about = path?.join('.') ?? extensions?.paths?.join(', ');
    const reasons = extensions?.reasons?.length ? ` [${extensions.reasons.join(', ')}]` : '';
    const end = extensions?.endsAt === undefined ? '' : `, until ${extensions.endsAt}`;
    return `  ${extensions?.code ?? 'ERROR'}${about ? ` ${about}` : ''}: ${message}${reasons} (${extensions?.whoMustAct ?? 'gateway'} must act${end})`;
  });
  return ['Not answered:', ...lines].join('\n');
}

/** Names the option that was left out, where a refusal is for that. */
function optionSection(errors: readonly ErrorView[]): string | undefined {
  return errors.some(({ extensions }) => extensions?.code === 'CASE_REQUIRED')
    ? 'The option --case is missing: --case NUMBER, or --case AGENCY/NUMBER.'
    : undefined;
}

function consentSection(errors: readonly ErrorView[]): string | undefined {
  const requests = [...new Set(errors.flatMap(({ extensions }) => extensions?.consentRequest ?? []))];
  if (requests.length === 0) return undefined;
  const lines = requests.map((request) => `  npx tereze consent give --as-citizen <their number> --request ${request}`);
  return ['A person can be asked for consent; each says yes with:', ...lines].join('\n');
}

function qualitySection({ extensions }: AnswerView): string | undefined {
  const quality = extensions?.tereze?.quality;
  if (quality === undefined) return undefined;
  const findings = quality.records.flatMap(({ path, register, verdict, findings: found }) =>
    found.map(({ rule, severity }) => `  ${path.join('.')} (${register}, ${verdict}): ${severity} ${rule}`),
  );
  return [`Quality: ${quality.verdict}, ${quality.records.length} records`, ...findings].join('\n');
}

function receiptSection({ extensions }: AnswerView): string | undefined {
  const tereze = extensions?.tereze;
  if (tereze === undefined) return undefined;
  const registers = (tereze.provenance ?? []).map(
    ({ register, calls, contract }) => `${register} (contract ${contract}, ${calls} ${calls === 1 ? 'call' : 'calls'})`,
  );
  const from = registers.length > 0 ? [`From: ${registers.join(', ')}`] : [];
  const id = tereze.requestId ?? 'unknown';
  const { receipt } = tereze;
  // Without a receipt, the log has no entry of this request.
  const kept = receipt?.durability === 'single_node' ? ', on one server only' : '';
  const proven = receipt?.anchor === 'none' ? ', which no one outside proves' : '';
  const known = receipt
    ? `In the log as ${receipt.log} entry ${receipt.index}${kept}${proven}; request ${id}`
    : `Request ${id}`;
  return [...from, known].join('\n');
}
