import type { DocumentPath } from '../../../schemas/bounded-yaml.js';
import { placedTexts } from '../../mapping/check/questions.js';
import { keyFieldsOf, readingOf } from '../../mapping/mapped-field.js';
import { nearestKey } from '../../../schemas/nearest-key.js';
import { ownMember } from '../../../schemas/objects.js';
import { fullForm, type FullSource, type MappedSoapType } from '../source/full-form.js';
import type { SoapOperation } from '../source/operations-source.js';
import { CONSENT_KEY, CONSENT_TOKEN } from '../question-values.js';
import { soapShape, type SoapSource } from '../source/source.js';
import { compileTemplate, type Template } from '../template/compile-template.js';
import { parsePieces, type Placeholder } from '../template/placeholders.js';
import { TEXT } from '../answer/wanted-elements.js';

/** What cannot be used of a source, and where. */
export interface SourceProblem {
  readonly path: DocumentPath;
  readonly message: string;
}

/** `source.yaml` of a SOAP register: with `operations`, or in the short form for records of persons by their number. */
export const soapSource = soapShape.superRefine((source, context) => {
  for (const { path, message } of problemsOf(source)) context.addIssue({ code: 'custom', path: [...path], message });
});

/** Placeholders whose values do not come from keys and arguments. */
export const CONTEXT_PLACEHOLDERS: ReadonlySet<string> = new Set([
  ...['purpose', 'case.number', 'case.agency', 'request_id', 'call_id', 'message_id', 'uuid', 'now', 'select'],
  ...[CONSENT_TOKEN, CONSENT_KEY],
]);

const CONSTANT = 'constant.';

function problemsOf(source: SoapSource): readonly SourceProblem[] {
  const formProblems = problemsOfForm(source);
  if (formProblems.length > 0) return formProblems;
  const full = fullForm(source);
  return [
    ...Object.entries(full.operations).flatMap(([name, operation]) => problemsOfOperation(name, operation, source)),
    ...problemsOfShep(source, full),
    ...problemsOfTypes(full, source),
    ...problemsOfRoots(full),
  ];
}

/** What must be there for its form and profile. */
function problemsOfForm(source: SoapSource): readonly SourceProblem[] {
  const { operations, profile, namespace, namespaces, service, shep } = source;
  const needs = (key: keyof SoapSource, why: string): readonly SourceProblem[] =>
    source[key] === undefined ? [{ path: [key], message: `is missing: ${why}` }] : [];
  const has = (key: keyof SoapSource, why: string): readonly SourceProblem[] =>
    source[key] === undefined ? [] : [{ path: [key], message: why }];
  const isShep = (profile ?? 'shep-sync') === 'shep-sync';
  const short = ['soap_action', 'service_id', 'request', 'response', 'status'] as const;
  return [
    ...(operations === undefined
      ? [
          ...(['request', 'response', 'namespace'] as const).flatMap((key) => needs(key, 'write operations, or this')),
          ...(isShep && shep === undefined
            ? (['service_id', 'status'] as const).flatMap((key) => needs(key, 'write shep, or this'))
            : []),
        ]
      : [
          ...needs('profile', 'write plain, xroad-4.0 or shep-sync'),
          ...short.flatMap((key) => has(key, 'is of the form without operations')),
          ...(isShep ? needs('shep', 'the profile is shep-sync') : has('shep', 'is of the profile shep-sync')),
        ]),
    ...(profile === 'xroad-4.0'
      ? needs('service', 'the profile is xroad-4.0')
      : service === undefined
        ? []
        : has('service', 'is of the profile xroad-4.0')),
    ...(namespace !== undefined && namespaces['q'] !== undefined && namespaces['q'] !== namespace
      ? [{ path: ['namespaces', 'q'], message: 'is the prefix of namespace: write another prefix' }]
      : []),
    ...(namespace === undefined && source.elements !== 'as_schema' && operations !== undefined
      ? [{ path: ['namespace'], message: 'is missing: write it, or elements: as_schema and namespaces' }]
      : []),
    ...(source.freshness === 'response_date' && !isShep
      ? [{ path: ['freshness'], message: 'response_date is in the answers of shep-sync only' }]
      : []),
  ];
}

function problemsOfOperation(name: string, operation: SoapOperation, source: SoapSource): readonly SourceProblem[] {
  const at = (part: string): readonly string[] => ['operations', name, 'request', part];
  const { names } = fullForm(source);
  const templates: readonly (readonly [string, Template | undefined])[] = [
    ['header', operation.request.header],
    ['body', operation.request.body],
  ];
  return templates.flatMap(([part, template]) =>
    template === undefined
      ? []
      : attempted(
          at(part),
          () => compileTemplate(template, names).placeholders,
          (placeholders) =>
            placeholders.flatMap((placeholder) =>
              problemOfPlaceholder(placeholder, placeIn(template, placeholder, at(part)), source),
            ),
        ),
  );
}

/** Returns where the text with a placeholder is. */
function placeIn(template: Template, { name }: Placeholder, around: DocumentPath): DocumentPath {
  const texts = placedTexts(template, around);
  return texts.find(({ text }) => text.includes(`{${name}}`) || text.includes(`{${name}[]}`))?.at ?? around;
}

function problemsOfShep(source: SoapSource, { shep }: FullSource): readonly SourceProblem[] {
  if (shep === undefined) return [];
  const texts: readonly (readonly [readonly string[], string])[] = [
    ...Object.entries(shep.properties).map(([key, text]) => [['shep', 'properties', key], text] as const),
    ...(shep.sessionId === undefined ? [] : [[['shep', 'session_id'], shep.sessionId] as const]),
  ];
  return texts.flatMap(([path, text]) =>
    attempted(
      path,
      () => parsePieces(text),
      (pieces) =>
        pieces.flatMap((piece) => (typeof piece === 'string' ? [] : problemOfPlaceholder(piece, path, source))),
    ),
  );
}

function problemOfPlaceholder(
  { name }: Placeholder,
  path: DocumentPath,
  { constants }: Pick<SoapSource, 'constants'>,
): readonly SourceProblem[] {
  const namedConstants = Object.keys(constants).map((one) => `${CONSTANT}${one}`);
  const message =
    name.startsWith(CONSTANT) && ownMember(constants, name.slice(CONSTANT.length)) === undefined
      ? `{${name}}: constants has no ${name.slice(CONSTANT.length)}${nearest(name, namedConstants)}`
      : !name.startsWith(CONSTANT) && name.includes('.') && !CONTEXT_PLACEHOLDERS.has(name)
        ? `{${name}} is no placeholder${nearest(name, [...CONTEXT_PLACEHOLDERS, ...namedConstants])}`
        : undefined;
  return message === undefined ? [] : [{ path, message }];
}

function attempted<Result>(
  path: readonly string[],
  compile: () => Result,
  check: (result: Result) => readonly SourceProblem[],
): readonly SourceProblem[] {
  try {
    return check(compile());
  } catch (error) {
    return [{ path, message: error instanceof Error ? error.message : 'cannot be used' }];
  }
}

function problemsOfTypes(full: FullSource, source: SoapSource): readonly SourceProblem[] {
  return Object.entries(full.types).flatMap(([type, mapped]) => {
    const { read, batch, fields } = mapped;
    const at = (...path: readonly string[]): readonly string[] => ['types', type, ...path];
    const key = keyFieldsOf(mapped);
    return [
      ...(read === undefined ? [] : problemsOfUse(full, at('read'), read, key)),
      ...(batch === undefined || source.operations === undefined ? [] : problemsOfUse(full, at('batch'), batch, key)),
      ...(batch !== undefined && ownMember(full.operations, batch)?.batch === undefined
        ? [{ path: at('batch'), message: `${batch} has no batch: write read, or batch in the operation` }]
        : []),
      ...elementsReadTwice(fields).map(({ name, message }) => ({ path: at('fields', name), message })),
      ...Object.entries(fields).flatMap(([name, field]) => {
        if (typeof field === 'string' || !('operation' in field) || field.operation === undefined) return [];
        return ownMember(full.operations, field.operation) === undefined
          ? [{ path: at('fields', name, 'operation'), message: `operations has no ${field.operation}` }]
          : [];
      }),
    ];
  });
}

/** An element is read either as a text or for what is in it. */
function elementsReadTwice(fields: MappedSoapType['fields']): readonly { name: string; message: string }[] {
  const paths = Object.entries(fields).flatMap(([name, field]) => {
    const reading = readingOf(name, field);
    return 'at' in reading ? [{ name, kind: reading.kind, path: reading.at }] : [];
  });
  return paths.flatMap(({ name, kind, path }) => {
    if (kind !== 'leaf' && kind !== 'reference') return [];
    const inner = paths.find(
      (other) => other.path.length > path.length && path.every((step, place) => other.path[place] === step),
    );
    return inner === undefined
      ? []
      : [
          {
            name,
            message: `is the text of an element in which ${inner.name} is, too: write at: [${[...path, TEXT].join(', ')}]`,
          },
        ];
  });
}

/** A message about keys is filled from the key alone. */
function problemsOfUse(
  full: FullSource,
  path: readonly string[],
  name: string,
  key: readonly string[],
): readonly SourceProblem[] {
  const operation = ownMember(full.operations, name);
  if (operation === undefined) return [{ path, message: `operations has no ${name}` }];
  if (key.length === 0) return [{ path, message: 'needs key, because the operation is asked by it' }];
  return placeholdersOf(operation, full).flatMap(({ name: placeholder, isList }) => {
    // No key has a dot: such a name is told in the operation.
    if (CONTEXT_PLACEHOLDERS.has(placeholder) || placeholder.includes('.')) return [];
    if (!key.includes(placeholder))
      return [
        {
          path,
          message: `${name} asks for {${placeholder}}, which is no field of the key${nearest(placeholder, key)}`,
        },
      ];
    return isList || operation.batch === undefined
      ? []
      : [{ path, message: `${name} asks for many keys: write {${placeholder}[]} in its body` }];
  });
}

/** None of a template that cannot be compiled, which is a problem of its own. */
function placeholdersOf({ request }: SoapOperation, { names }: FullSource): readonly Placeholder[] {
  try {
    return compileTemplate(request.body, names).placeholders;
  } catch {
    return [];
  }
}

function problemsOfRoots(full: FullSource): readonly SourceProblem[] {
  return Object.entries(full.roots).flatMap(([field, root]) => {
    if (typeof root === 'string') return [];
    const operation = ownMember(full.operations, root.operation);
    if (operation === undefined) return [{ path: ['roots', field], message: `operations has no ${root.operation}` }];
    const asked = namesAskedFor(operation, full);
    return Object.keys(root.arguments ?? {})
      .filter((name) => asked !== undefined && !asked.has(name))
      .map((name) => ({
        path: ['roots', field, 'arguments', name],
        message: `${root.operation} asks for no {${name}}${nearest(name, [...(asked ?? [])])}`,
      }));
  });
}

/** Undefined if a template cannot be read, which is a problem of its own. */
function namesAskedFor({ request }: SoapOperation, { names, shep }: FullSource): ReadonlySet<string> | undefined {
  const texts = [...Object.values(shep?.properties ?? {}), shep?.sessionId ?? ''];
  try {
    const templates = [request.body, request.header ?? {}].map((template) => compileTemplate(template, names));
    const placeholders = [...templates.flatMap((one) => one.placeholders), ...texts.flatMap(parsePieces)];
    return new Set(placeholders.flatMap((piece) => (typeof piece === 'string' ? [] : [piece.name])));
  } catch {
    return undefined;
  }
}

function nearest(name: string, known: readonly string[]): string {
  const near = nearestKey(name, known);
  return near === undefined ? '' : `: did you mean {${near}}?`;
}
