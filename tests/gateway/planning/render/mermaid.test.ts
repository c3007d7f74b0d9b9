import { expect } from 'chai';
import type { PlanDescription } from '../../../../gateway/planning/render/description.js';
import { renderMermaid } from '../../../../gateway/planning/render/mermaid.js';
import { person } from '../country.js';
import { described, PLAIN } from './describing.js';

const IN_IIN = '<i>the person in $iin</i>';

describe('planning: a plan as a Mermaid flowchart', () => {
  it('draws a box a call, and an arrow for what waits', async () => {
    expect(renderMermaid(await described(person('name rate')))).to.equal(`flowchart TD
  n0["Q"]
  n1["<b>1. people</b><br>${IN_IIN}<br>people.identity<br>people.number"]
  n0 --> n1
  n2["<b>2. taxes</b><br>${IN_IIN}<br>people.number<br>taxes.income"]
  n1 --> n2
  n3(["answer"])
  n2 --> n3
`);
  });

  it('draws both ways out of a condition', async () => {
    const chart = renderMermaid(await described(person('name rate @include(if: $more)', ', $more: Boolean!')));
    expect(chart)
      .to.include('n2{"$more"}')
      .and.include('n2 -->|true| n3')
      .and.include('n2 -->|false| n4')
      .and.include('n3 --> n4');
  });

  it('lets what is done at once wait for the same, and what follows for all of it', () => {
    const chart = renderMermaid({
      ...head,
      plan: { kind: 'sequence', nodes: [{ kind: 'parallel', nodes: [fetch(1, 'a'), fetch(2, 'b')] }, fetch(3, 'c')] },
    });
    expect(
      chart
        .split('\n')
        .filter((line) => line.includes('-->'))
        .map((line) => line.trim()),
    ).to.deep.equal(['n0 --> n1', 'n0 --> n2', 'n1 --> n3', 'n2 --> n3', 'n3 --> n4']);
  });

  it('lets nothing that a register is called end a label', () => {
    const chart = renderMermaid({ ...head, plan: fetch(1, 'a"]; click n0 "x" <b>') });
    expect(chart).to.include('<b>1. a#34;#93;#59; click n0 #34;x#34; #60;b#62;</b>');
  });

  it('leaves out categories and persons over a supergraph alone', async () => {
    expect(renderMermaid(await described(person('name'), PLAIN))).to.include('n1["<b>1. people</b>"]');
  });

  it('goes from the question to the answer where no call is made', async () => {
    expect(renderMermaid(await described('{ __typename }'))).to.equal(
      'flowchart TD\n  n0["question"]\n  n1(["answer"])\n  n0 --> n1\n',
    );
  });
});

const head: Omit<PlanDescription, 'plan'> = { operation: 'Q', document: '', catalogue: '', calls: 3 };

function fetch(number: number, register: string): NonNullable<PlanDescription['plan']> {
  return { kind: 'fetch', number, register, calls: 1, asks: [] };
}
