import type { DescribedFetch, DescribedNode, PlanDescription } from './description.js';
import { personText } from './person.js';

/** Renders a plan as a Mermaid flowchart. Each call is a box with the persons and the categories that it reads. Arrows show which call must wait for which. */
export function renderMermaid({ operation, plan }: PlanDescription): string {
  const chart = new Flowchart();
  const question = chart.add(`["${escaped(operation ?? 'question')}"]`);
  const ends = plan === null ? [{ id: question }] : chart.node(plan, [{ id: question }]);
  chart.link(ends, chart.add('(["answer"])'));
  return chart.text;
}

/** Start of an arrow, with its label. */
interface End {
  readonly id: string;
  readonly label?: string;
}

class Flowchart {
  readonly #lines = ['flowchart TD'];
  #count = 0;

  get text(): string {
    return `${this.#lines.join('\n')}\n`;
  }

  /** Adds a box of this shape; returns its id. */
  add(shape: string): string {
    const id = `n${this.#count}`;
    this.#count += 1;
    this.#lines.push(`  ${id}${shape}`);
    return id;
  }

  link(from: readonly End[], to: string): void {
    for (const { id, label } of from) this.#lines.push(`  ${id} -->${label === undefined ? '' : `|${label}|`} ${to}`);
  }

  /** Draws a node after `from`. Returns where the arrows to the next node start. */
  node(node: DescribedNode, from: readonly End[]): readonly End[] {
    switch (node.kind) {
      case 'sequence':
        return node.nodes.reduce((ends, child) => this.node(child, ends), from);
      case 'parallel':
        return node.nodes.flatMap((child) => this.node(child, from));
      case 'condition':
        return this.#condition(node, from);
      case 'fetch': {
        const id = this.add(`["${fetchText(node)}"]`);
        this.link(from, id);
        return [{ id }];
      }
    }
  }

  #condition(
    { variable, ifTrue, ifFalse }: DescribedNode & { kind: 'condition' },
    from: readonly End[],
  ): readonly End[] {
    const id = this.add(`{"$${variable}"}`);
    this.link(from, id);
    const branch = (label: string, child: DescribedNode | undefined): readonly End[] =>
      child === undefined ? [{ id, label }] : this.node(child, [{ id, label }]);
    return [...branch('true', ifTrue), ...branch('false', ifFalse)];
  }
}

function fetchText({ number, register, asks }: DescribedFetch): string {
  const people = new Set(
    asks.flatMap(({ subjects }) =>
      subjects.flatMap(({ person }) => (person.by === 'nobody' || person.by === 'unsaid' ? [] : [personText(person)])),
    ),
  );
  const categories = new Set(
    asks.flatMap(({ sends, reads }) => [...sends, ...reads].flatMap(({ category }) => category ?? [])),
  );
  return [
    `<b>${number}. ${escaped(register)}</b>`,
    ...[...people].map((text) => `<i>${escaped(text)}</i>`),
    ...[...categories].sort().map(escaped),
  ].join('<br>');
}

/** Replaces special characters by entity codes (Mermaid, flowchart syntax), so that no name of a register or document can end a label. */
function escaped(text: string): string {
  return text.replace(/[^\p{L}\p{N} _.,$:()/-]/gu, (character) => `#${character.codePointAt(0) ?? 0};`);
}
