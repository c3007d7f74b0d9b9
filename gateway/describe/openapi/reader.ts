import { validate } from '@readme/openapi-parser';
import { isObject } from '../../../schemas/objects.js';
import type { RegisterDescription, Said, YamlObject } from '../description.js';
import type { DescriptionReader, ReadRequest, XroadService } from '../reader.js';
import { describeOperation, namedOperation } from './describe-operation.js';
import { kindNamesOf } from './kinds.js';
import { readOpenApi, type OpenApiDocument } from './document.js';
import { operationsOf } from './operations.js';
import { SchemaShapes } from './schema-shapes.js';
import { settingsOf } from './settings.js';

/** Reads OpenAPI 3.0, 3.1 and Swagger 2.0. Faults of the document that touch no chosen operation are listed. */
export const openapiReader: DescriptionReader = { kind: 'openapi', read };

async function read(request: ReadRequest): Promise<RegisterDescription> {
  const document = await readOpenApi(request);
  const shapes = new SchemaShapes(document, request.depth);
  const chosen = new Set(request.operations);
  const isChosen = (names: readonly string[]): boolean => chosen.size === 0 || names.some((one) => chosen.has(one));
  const described = operationsOf(document).flatMap((operation) =>
    isChosen([operation.name, ...operation.aliases, ...kindNamesOf(operation)])
      ? describeOperation(operation, shapes, request)
      : [namedOperation(operation)],
  );
  const used = described.filter(({ operation: { name, aliases = [], of = [] } }) =>
    isChosen([name, ...aliases, ...of]),
  );
  const constants: YamlObject = Object.fromEntries(used.flatMap((one) => Object.entries(one.constants)));
  return {
    title: titleOf(document.root),
    source: {
      ...(request.xroad === undefined
        ? { protocol: 'rest' }
        : { protocol: 'xroad', service: serviceOf(request.xroad) }),
      ...(Object.keys(constants).length > 0 ? { constants } : {}),
    },
    settings: request.xroad === undefined ? settingsOf(document) : XROAD_SETTINGS,
    operations: described.map(({ operation }) => operation),
    said: [...document.said, ...(await faultsOf(document))],
  };
}

/** Address and identifier of our own side, which no document tells. */
const XROAD_SETTINGS: YamlObject = {
  protocol: 'xroad',
  url: 'https://SECURITY-SERVER',
  client: 'INSTANCE/CLASS/CODE/SUBSYSTEM',
};

function serviceOf({ serviceCode, version, ...member }: XroadService): YamlObject {
  return {
    ...{ instance: member.instance, member_class: member.memberClass, member_code: member.memberCode },
    ...{ subsystem: member.subsystem, service_code: serviceCode },
    ...(version === undefined ? {} : { version }),
  };
}

function titleOf({ info }: Readonly<Record<string, unknown>>): string | undefined {
  return isObject(info) && typeof info['title'] === 'string' ? info['title'] : undefined;
}

/** What is wrong with the document by its own standard. Most published documents have such faults. */
async function faultsOf({ whole }: OpenApiDocument): Promise<readonly Said[]> {
  try {
    const result = await validate(structuredClone(whole) as never, { resolve: { external: false } });
    if (result.valid) return [];
    return result.errors.slice(0, 20).map(({ message }) => saidOf(message));
  } catch {
    // It judges what it can; what it cannot judge keeps no operation from being read.
    return [];
  }
}

function saidOf(message: string): Said {
  const [first = ''] = message.split('\n', 1);
  return { place: '#', message: `not as the standard has it: ${first.replace(/\.$/, '')}` };
}
