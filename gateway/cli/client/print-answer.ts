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
  };
}

interface AnswerView {
  readonly data?: unknown;
  readonly errors?: readonly ErrorView[];
  readonly extensions?: {
    readonly tereze?: {
      readonly requestId?: string;
      readonly receipt?: { readonly log: string; readonly index: number };
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

/** An answer for people: the data, then what was withheld, how good it is, where it came from, and where the log has it. */
export function printAnswer(answer: AnswerView): string {
  const sections = [
    answer.data === undefined || answer.data === null ? undefined : stringify(answer.data).trimEnd(),
    errorSection(answer.errors ?? []),
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
    return `  ${extensions?.code ?? 'ERROR'}${about ? ` ${about}` : ''}: ${message}${reasons} (${extensions?.whoMustAct ?? 'gateway'} must act)`;
  });
  return ['Not answered:', ...lines].join('\n');
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
  const receipt = tereze.receipt
    ? `In the log as ${tereze.receipt.log} entry ${tereze.receipt.index}`
    : 'Not in the log under an entry of its own';
  return [...from, `${receipt}; request ${tereze.requestId ?? 'unknown'}`].join('\n');
}
