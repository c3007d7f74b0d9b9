import type {
  DescribedAsk,
  DescribedField,
  DescribedNode,
  DescribedRead,
  DescribedSubject,
  PlanDescription,
} from './description.js';
import { personText } from './person.js';

/** Renders a plan as a tree of lines for a terminal. Ends with a line break. */
export function renderTree({ operation, calls, catalogue, plan }: PlanDescription): string {
  const head = `${operation ?? 'The operation'}: ${plan === null ? 'no call' : countedCalls(calls)}, catalogue ${catalogue}`;
  return `${[head, ...(plan === null ? [] : linesOf(branchOf(plan)))].join('\n')}\n`;
}

function countedCalls(calls: number): string {
  return calls === 1 ? '1 call' : `${calls} calls at most`;
}

/** A line of the tree, with the details below it and its children. */
interface Branch {
  readonly title: string;
  readonly details: readonly string[];
  readonly children: readonly Branch[];
}

function linesOf({ title, details, children }: Branch): readonly string[] {
  const stem = children.length > 0 ? '│  ' : '   ';
  return [
    title,
    ...details.map((detail) => `${stem}${detail}`),
    ...children.flatMap((child, position) => hung(linesOf(child), position === children.length - 1)),
  ];
}

function hung([first = '', ...others]: readonly string[], isLast: boolean): readonly string[] {
  return [`${isLast ? '└─ ' : '├─ '}${first}`, ...others.map((line) => `${isLast ? '   ' : '│  '}${line}`)];
}

function branchOf(node: DescribedNode): Branch {
  switch (node.kind) {
    case 'sequence':
      return { title: 'Sequence', details: [], children: node.nodes.map(branchOf) };
    case 'parallel':
      return { title: 'Parallel', details: [], children: node.nodes.map(branchOf) };
    case 'condition':
      return {
        title: `Condition $${node.variable}`,
        details: [],
        children: [when('true', node.ifTrue), when('false', node.ifFalse)].flat(),
      };
    case 'fetch':
      return {
        title: `${node.number}. ${node.register}: ${node.calls} call`,
        details: node.asks.flatMap(detailsOf),
        children: [],
      };
  }
}

function when(value: string, node: DescribedNode | undefined): readonly Branch[] {
  return node === undefined ? [] : [{ title: `if ${value}`, details: [], children: [branchOf(node)] }];
}

function detailsOf({ subjects, sends, reads, finds }: DescribedAsk): readonly string[] {
  return [
    ...labelled('about', subjects.filter(({ person }) => person.by !== 'unsaid').map(subjectText)),
    ...labelled(
      'at',
      subjects.filter(({ person }) => person.by === 'unsaid').map(({ at }) => at),
    ),
    ...labelled('sends', sends.map(fieldText)),
    ...labelled('reads', reads.map(readText)),
    ...labelled(
      'finds',
      finds.map(({ role, at }) => `${role} at ${at}`),
    ),
  ];
}

function labelled(label: string, texts: readonly string[]): readonly string[] {
  return texts.map((text, position) => `${(position === 0 ? label : '').padEnd(6)} ${text}`);
}

function subjectText({ at, person, key }: DescribedSubject): string {
  const where = person.by === 'link' && person.at === at ? '' : `, at ${at}`;
  return `${personText(person)}${where}${key === undefined ? '' : `, by key ${key}`}`;
}

function fieldText({ coordinate, category }: DescribedField): string {
  return category === null ? coordinate : `${coordinate} -> ${category}`;
}

function readText(read: DescribedRead): string {
  return `${fieldText(read)}${read.access === 'read' && read.category !== null ? ' (read, not shown)' : ''}`;
}
