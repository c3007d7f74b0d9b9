import { expect } from 'chai';
import { closingOnFailure } from '../../../gateway/compose/closing.js';
import { rejection } from '../../rejection.js';

describe('closingOnFailure', () => {
  const open = (done: string[], fails: boolean) =>
    closingOnFailure(async (opened) => {
      for (const name of ['state', 'log', 'servers']) opened.add(async () => void done.push(`closed ${name}`));
      if (fails) throw new Error('the port is taken');
      return opened.close;
    });

  it('closes nothing while all goes well; `close` ends everything once, last first', async () => {
    const done: string[] = [];
    const close = await open(done, false);
    expect(done).to.deep.equal([]);
    await close();
    await close();
    expect(done).to.deep.equal(['closed servers', 'closed log', 'closed state']);
  });

  it('closes what was opened, last first, before it throws', async () => {
    const done: string[] = [];
    expect(await rejection(open(done, true))).to.have.property('message', 'the port is taken');
    expect(done).to.deep.equal(['closed servers', 'closed log', 'closed state']);
  });
});
