import { composeServices } from '@theguild/federation-composition';
import { writeFileSync } from 'node:fs';
import { execute, parse, type GraphQLSchema } from 'graphql';
import { buildSubgraphSchema } from '../demo/registers/subgraph-schema.js';
import { percentile } from './figures.js';
import { governedHousehold } from './governed-household.js';
import { cpuOf, prepareQuestion, Recorded } from './in-process.js';
import { plotted, type Series } from './plot.js';

/**
 * CPU of one execution without I/O against the size of what is asked: entities in a list, services
 * that each have a part of them, links from service to service one below the other, and people of a governed question,
 * from the gate to the hash of its entry. Every size is measured in each round, so that a slow minute of the machine falls
 * on all of them.
 * `npm run bench:size [-- PLOT.svg]`
 */

const ROUNDS = Number(process.env['ROUNDS'] ?? 9);
const HEAD = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])\n';
const WARM_UP_US = 1_500_000;
const ROUND_US = 150_000;

interface Size {
  readonly value: number;
  readonly work: () => Promise<unknown>;
}

interface Item {
  readonly __typename: 'Item';
  readonly id: string;
}

const item = (id: number): Item => ({ __typename: 'Item', id: String(id) });

/** Service number `position` has one value of each item and a link to the next one; the first has the list. */
function serviceOf(position: number): { readonly name: string; readonly sdl: string; readonly schema: GraphQLSchema } {
  const sdl = `${HEAD}${position === 0 ? 'type Query { items(n: Int!): [Item!]! }\n' : ''}type Item @key(fields: "id") { id: ID! f${position}: Int next${position}: Item @shareable }`;
  const fields = {
    [`f${position}`]: ({ id }: Item) => Number(id) * 100 + position,
    [`next${position}`]: ({ id }: Item) => item((Number(id) + 1) % 1_000),
    __resolveReference: (reference: Item) => reference,
  };
  const roots =
    position === 0 ? { Query: { items: (_: unknown, { n }: { n: number }) => [...Array(n).keys()].map(item) } } : {};
  return {
    name: `s${position}`,
    sdl,
    schema: buildSubgraphSchema({ typeDefs: parse(sdl), resolvers: { Item: fields, ...roots } }),
  };
}

async function sizeOf(value: number, services: number, text: string): Promise<Size> {
  const parts = [...Array(services).keys()].map(serviceOf);
  const { supergraphSdl } = composeServices(
    parts.map(({ name, sdl }) => ({ name, url: `http://${name}.test/`, typeDefs: parse(sdl) })),
  );
  const schemas = new Map(parts.map(({ name, schema }) => [`${name}.test`, schema]));
  const recorded = new Recorded(async ({ hostname }, body) => {
    const { query, variables } = body as { query: string; variables: Record<string, unknown> };
    const schema = schemas.get(hostname);
    if (schema === undefined) throw new Error(`no service ${hostname}`);
    return JSON.stringify(await execute({ schema, document: parse(query), variableValues: variables }));
  });
  const work = await prepareQuestion({ supergraphSdl: supergraphSdl ?? '', text, recorded });
  const { data, errors } = await work();
  if (data === null || errors.length > 0) throw new Error(`size ${value} is not answered without errors`);
  return { value, work };
}

const fieldsOf = (services: number): string => [...Array(services).keys()].map((position) => `f${position}`).join(' ');
const linksOf = (depth: number): string =>
  [...Array(depth).keys()].reduceRight((below, level) => `next${level % 4} { id ${below} }`, 'f0');

async function measured(sizes: readonly Size[]): Promise<readonly { readonly value: number; readonly us: number }[]> {
  const times = sizes.map(() => 1);
  for (const [index, { work }] of sizes.entries()) {
    const once = await cpuOf(work, 20);
    times[index] = Math.max(3, Math.round(ROUND_US / Math.max(1, once)));
    await cpuOf(work, Math.max(20, Math.round(WARM_UP_US / Math.max(1, once))));
  }
  const taken = sizes.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, { work }] of sizes.entries()) taken[index]?.push(await cpuOf(work, times[index] ?? 3));
  }
  return sizes.map(({ value }, index) => ({
    value,
    us: percentile(
      [...(taken[index] ?? [])].sort((one, other) => one - other),
      0.5,
    ),
  }));
}

async function main([plotFile]: readonly string[]): Promise<void> {
  const cases = [
    {
      title: 'entities in a list, 4 services',
      sizes: [10, 30, 100, 300, 1_000].map((n) => sizeOf(n, 4, `{ items(n: ${n}) { id ${fieldsOf(4)} } }`)),
    },
    {
      title: 'services, 20 entities',
      sizes: [4, 8, 16, 24, 40].map((n) => sizeOf(n, n, `{ items(n: 20) { id ${fieldsOf(n)} } }`)),
    },
    {
      title: 'depth of links, 20 entities',
      sizes: [2, 4, 6, 8].map((n) => sizeOf(n, 4, `{ items(n: 20) { id ${linksOf(n)} } }`)),
    },
    {
      title: 'people of a governed question, 5 registers',
      sizes: [1, 10, 50, 100, 200].map(async (people) => ({ value: people, work: await governedHousehold(people) })),
    },
  ];
  const series: Series[] = [];
  for (const { title, sizes } of cases) {
    const points = await measured(await Promise.all(sizes));
    series.push({ title, points: points.map(({ value, us }) => ({ x: value, y: us })) });
    console.log(`| ${title} | CPU, us | us for one more |\n|---:|---:|---:|`);
    points.forEach(({ value, us }, index) => {
      const before = points[index - 1];
      console.log(
        `| ${value} | ${us.toFixed(0)} | ${before === undefined ? '' : ((us - before.us) / (value - before.value)).toFixed(1)} |`,
      );
    });
    console.log('');
  }
  if (plotFile !== undefined) writeFileSync(plotFile, plotted(series));
}

await main(process.argv.slice(2));
