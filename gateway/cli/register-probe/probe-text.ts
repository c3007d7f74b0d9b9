import type { ProbeStep } from '../../probe/steps-of-failure.js';
import type { ExplainedProbe } from './explain.js';

/** Returns a probe as a person reads it. */
export function probeText(probe: ExplainedProbe): string {
  const { register, steps, latencyMs, findings } = probe;
  const isExplained = probe.exchanges !== undefined;
  return [
    `${register}${latencyMs === undefined ? '' : `: ${latencyMs.toFixed(0)} ms`}`,
    ...surroundings(probe),
    ...steps.flatMap((step) => stepLines(step, register, isExplained)),
    ...findings.map(({ rule, severity }) => `          ${severity.padEnd(12)} ${rule}`),
    ...recordLines(probe),
    ...(probe.warnings ?? []).map((warning) => `  warns   ${warning}`),
    '',
  ].join('\n');
}

function surroundings({ address, exchanges = [], certificates = [] }: ExplainedProbe): readonly string[] {
  return [
    ...(address === undefined ? [] : [`  at      ${address}`]),
    ...certificates.map(
      ({ subject, issuer, validFrom, validTo }) =>
        `  shows   ${subject}, of ${issuer}, valid ${validFrom.slice(0, 10)} to ${validTo.slice(0, 10)}`,
    ),
    ...exchanges.map(({ method, address: called, status, mediaType, milliseconds }) => {
      const answer = status === undefined ? 'no answer' : `${status} ${mediaType ?? 'without a media type'}`;
      return `  sent    ${method} ${called}: ${answer}, ${milliseconds} ms`;
    }),
  ];
}

function stepLines({ step, result, found, at, advice }: ProbeStep, register: string, isExplained: boolean): string[] {
  const named = (text: string): string => text.replaceAll('NAME', register);
  const line = `  ${result.padEnd(7)} ${step.padEnd(12)} ${found}${at === undefined ? '' : ` at ${at}`}`;
  if (!isExplained || advice === undefined) return [line];
  const { cause, look, remedy } = advice;
  const indented = (label: string, text: string): string => `          ${label.padEnd(12)} ${named(text)}`;
  return [line, indented('cause', cause), indented('look at', look), indented('do', remedy)];
}

function recordLines({ record }: ExplainedProbe): readonly string[] {
  if (record === undefined) return [];
  return [
    ...record.neverOccurred.map(({ field, at }) => `  absent  ${field}: the record has no ${at}`),
    ...record.unmapped.map((at) => `  more    ${at}: no field is mapped to it`),
  ];
}
