import { z } from 'zod';
import { parseUnambiguousJson } from '../../../schemas/json/strict-json.js';
import { MetadataFailure, type XroadClientEntry, type XroadServiceEntry } from './description.js';

const part = z.string().min(1).max(255);

const clientList = z.object({
  member: z
    .array(
      z.object({
        id: z.object({
          xroad_instance: part,
          member_class: part,
          member_code: part,
          subsystem_code: part.nullish(),
        }),
        name: z.string().nullish(),
        subsystem_name: z.string().nullish(),
      }),
    )
    .default([]),
});

const serviceList = z.object({
  service: z
    .array(
      z.object({
        xroad_instance: part,
        member_class: part,
        member_code: part,
        subsystem_code: part.nullish(),
        service_code: part,
        service_version: part.nullish(),
        service_type: z.string().nullish(),
        endpoint_list: z.array(z.object({ method: z.string(), path: z.string() })).nullish(),
      }),
    )
    .default([]),
});

/** Reads `listClients` as JSON (PR-META, annex C.1). Throws {@link MetadataFailure}. */
export function readClients(text: string): readonly XroadClientEntry[] {
  return parsed(text, clientList).member.map(({ id, name, subsystem_name: subsystemName }) => ({
    id: idOf([id.xroad_instance, id.member_class, id.member_code, id.subsystem_code]),
    name: subsystemName ?? name ?? undefined,
  }));
}

/** Reads `listMethods` and `allowedMethods` for REST (PR-MREST, annex B). Throws {@link MetadataFailure}. */
export function readServices(text: string): readonly XroadServiceEntry[] {
  return parsed(text, serviceList).service.map((service) => ({
    id: idOf([
      ...[service.xroad_instance, service.member_class, service.member_code, service.subsystem_code],
      ...[service.service_code, service.service_version],
    ]),
    type: service.service_type === 'OPENAPI' || service.service_type === 'OPENAPI3' ? 'OPENAPI' : 'REST',
    endpoints: service.endpoint_list ?? [],
  }));
}

/** Joins the parts that there are. */
export function idOf(parts: readonly (string | null | undefined)[]): string {
  return parts.filter((one) => typeof one === 'string' && one !== '').join('/');
}

function parsed<Value>(text: string, schema: z.ZodType<Value>): Value {
  const read = schema.safeParse(json(text));
  if (!read.success) throw new MetadataFailure('the security server sent no list of X-Road');
  return read.data;
}

function json(text: string): unknown {
  try {
    return parseUnambiguousJson(text);
  } catch {
    throw new MetadataFailure('the security server sent no JSON');
  }
}
