import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { concatAST, GraphQLScalarType, Kind, parse, type GraphQLSchema } from 'graphql';
import { buildSubgraphSchema } from '../subgraph-schema.js';
import { packageRoot } from '../../../gateway/state/package-root.js';
import type { AddressRecord, Registration } from '../../country/model.js';

interface CitizenReference {
  readonly iin: string;
}

/** A registration together with whose it is: the household is everyone else at the dwelling. */
interface RegistrationOf extends Registration {
  readonly iin: string;
}

/** The federated schema of the address register: the published SDL, the governance directives, and what answers. */
export function addressSubgraph(records: readonly AddressRecord[]): GraphQLSchema {
  const byIin = new Map(records.map((record) => [record.iin, record]));
  const inhabitants = inhabitantsByDwelling(records);
  const resolvers = {
    Iin: textScalar('Iin'),
    LocalDate: textScalar('LocalDate'),
    Citizen: {
      __resolveReference: ({ iin }: CitizenReference) => (byIin.has(iin) ? { iin } : null),
      registration: ({ iin }: CitizenReference) => present(iin, byIin.get(iin)?.current),
      formerRegistrations: ({ iin }: CitizenReference) =>
        (byIin.get(iin)?.former ?? []).map((registration) => ({ ...registration, iin })),
    },
    Registration: {
      ...addressFields,
      household: ({ dwelling, iin, deregisteredOn }: RegistrationOf) =>
        deregisteredOn === null
          ? (inhabitants.get(dwelling.code) ?? []).filter((other) => other !== iin).map((other) => ({ iin: other }))
          : [],
    },
  };
  return buildSubgraphSchema({
    typeDefs: concatAST([readSdl('directives.graphql'), readSdl('registers/address/schema.graphql')]),
    resolvers,
  });
}

const addressFields = {
  dwellingCode: ({ dwelling }: Registration) => dwelling.code,
  region: ({ dwelling }: Registration) => dwelling.place.region,
  city: ({ dwelling }: Registration) => dwelling.place.city,
  street: ({ dwelling }: Registration) => dwelling.street,
  house: ({ dwelling }: Registration) => dwelling.house,
  flat: ({ dwelling }: Registration) => dwelling.flat,
};

function present(iin: string, registration: Registration | null | undefined): RegistrationOf | null {
  return registration === null || registration === undefined ? null : { ...registration, iin };
}

function inhabitantsByDwelling(records: readonly AddressRecord[]): ReadonlyMap<string, readonly string[]> {
  const inhabitants = new Map<string, string[]>();
  for (const { iin, current } of records) {
    if (current === null) continue;
    const others = inhabitants.get(current.dwelling.code);
    if (others === undefined) inhabitants.set(current.dwelling.code, [iin]);
    else others.push(iin);
  }
  return inhabitants;
}

/** Identifiers and dates travel as the register holds them. */
function textScalar(name: string): GraphQLScalarType<string, string> {
  const text = (value: unknown): string => {
    if (typeof value !== 'string') throw new TypeError(`${name} is text`);
    return value;
  };
  return new GraphQLScalarType({
    name,
    serialize: text,
    parseValue: text,
    parseLiteral: (node) => text(node.kind === Kind.STRING ? node.value : undefined),
  });
}

function readSdl(name: string): ReturnType<typeof parse> {
  return parse(readFileSync(join(packageRoot(), 'schemas', name), 'utf8'));
}
