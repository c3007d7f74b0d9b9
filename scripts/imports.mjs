/**
 * Fails if an import breaks a rule: those of .dependency-cruiser.cjs, the floors and exports of
 * floors.mjs, and in every folder "no circle between its files and folders". `import type` counts: a reader of one side
 * of a circle must read the other.
 */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cruise } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { EXPORTS, FLOORS } from './floors.mjs';
import { reach } from './reach.mjs';

const ROOT = resolve(fileURLToPath(new URL('..', import.meta.url)));
const FOLDERS = ['schemas', 'adapters', 'policies', 'monitoring', 'gateway', 'demo', 'bench'];

/** Returns a line for each broken rule in the `folders` below `root`. */
export async function importProblems({ root, folders, floors, exports }) {
  const options = await extractOptions(resolve(ROOT, '.dependency-cruiser.cjs'));
  const tsConfig = extractTSConfig(resolve(ROOT, 'tsconfig.json'));
  const { output } = await cruise(folders, { ...options, baseDir: root }, undefined, { tsConfig });
  const links = importsOf(output.modules).map(linkOf);
  return [
    ...output.summary.violations.map(({ rule, from, to, cycle }) =>
      cycle === undefined
        ? `${rule.name}: ${from} imports ${to}`
        : `${rule.name}: ${[from, ...cycle.map(({ name }) => name)].join(' -> ')}`,
    ),
    ...folderCircles(links),
    ...Object.entries(floors).flatMap(([folder, list]) => floorProblems(folder, list, links, output.modules)),
    ...Object.entries(exports).flatMap(([room, files]) => exportProblems(room, files, links)),
  ];
}

function importsOf(modules) {
  const known = new Set(modules.map(({ source }) => source));
  return modules
    .filter(({ source }) => source.endsWith('.ts'))
    .flatMap(({ source, dependencies }) =>
      dependencies
        .filter(({ resolved }) => resolved.endsWith('.ts') && known.has(resolved) && resolved !== source)
        .map(({ resolved }) => ({ from: source, to: resolved })),
    );
}

/** An import, seen from the deepest folder that holds both files: which of its members imports which. */
function linkOf({ from, to }) {
  const [fromParts, toParts] = [from.split('/'), to.split('/')];
  let depth = 0;
  while (fromParts[depth] === toParts[depth]) depth += 1;
  return { folder: fromParts.slice(0, depth).join('/'), member: fromParts[depth], imported: toParts[depth], from, to };
}

function folderCircles(links) {
  const folders = new Set(links.map(({ folder }) => folder));
  return [...folders].flatMap((folder) => {
    const ofFolder = links.filter((link) => link.folder === folder);
    return circlesOf(ofFolder).map((circle) => {
      const between = ofFolder.filter(({ member, imported }) => circle.has(member) && circle.has(imported));
      const lines = between.map(({ from, to }) => `    ${from} imports ${to}`);
      return `no-folder-circle: ${[...circle].sort().join(', ')} in ${folder || 'the root'}\n${lines.join('\n')}`;
    });
  });
}

/** Returns the sets of members that reach each other. */
function circlesOf(links) {
  const importsBy = new Map();
  for (const { member, imported } of links) {
    importsBy.set(member, (importsBy.get(member) ?? new Set()).add(imported));
  }
  const reachedFrom = new Map([...importsBy].map(([member, imported]) => [member, reach(importsBy, imported)]));
  const circles = [];
  for (const [member, reached] of reachedFrom) {
    if (!reached.has(member) || circles.some((circle) => circle.has(member))) continue;
    circles.push(new Set([...reached].filter((other) => reachedFrom.get(other)?.has(member))));
  }
  return circles;
}

function floorProblems(folder, floors, links, modules) {
  const floorOf = new Map(floors.flatMap((members, floor) => members.map((member) => [member, floor])));
  const members = modules
    .filter(({ source }) => source.startsWith(`${folder}/`))
    .map(({ source }) => source.slice(folder.length + 1).split('/', 1)[0]);
  const missing = [...new Set(members)].filter((member) => !floorOf.has(nameOf(member)));
  const upwards = links.filter(
    (link) => link.folder === folder && floorOf.get(nameOf(link.imported)) > floorOf.get(nameOf(link.member)),
  );
  return [
    ...missing.map((member) => `floors: ${folder}/${member} has no floor in scripts/floors.mjs`),
    ...upwards.map(({ from, to }) => `floors: ${from} imports ${to}, which is above it in ${folder}`),
  ];
}

function exportProblems(room, files, links) {
  const exported = new Set(files.map((file) => `${room}/${file}.ts`));
  return links
    .filter(({ from, to }) => from.startsWith('gateway/') && to.startsWith(`${room}/`) && !exported.has(to))
    .map(({ from, to }) => `exports: ${from} imports ${to}, which ${room} does not export (scripts/floors.mjs)`);
}

function nameOf(member) {
  return member.replace(/\.ts$/, '');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const problems = await importProblems({ root: ROOT, folders: FOLDERS, floors: FLOORS, exports: EXPORTS });
  if (problems.length > 0) {
    process.stderr.write(`${problems.join('\n')}
Move what both sides need to the lower one, or pass it in. docs/architecture.md (Rooms) says which room may import which.\n`);
    process.exitCode = 1;
  }
}
