import { expect } from 'chai';
import type { Config } from '../../../gateway/config/schema.js';
import { NO_READERS } from '../../../gateway/http/log-routes.js';
import type { Replaced } from '../../../gateway/http/servers.js';
import { Reloading, type Generation } from '../../../gateway/compose/generation.js';
import { silentObserver } from '../../doubles.js';

/** A reload over generations that are nothing but names; what was done with them, in order. */
function reloading(replace: (name: string) => Promise<Replaced> = async () => ({ left: Promise.resolve() })): {
  readonly done: string[];
  readonly reload: (name: string) => Promise<void>;
  readonly close: () => Promise<void>;
} {
  const done: string[] = [];
  const generation = (name: string): Generation => ({
    catalogue: name,
    isOverCurrent: true,
    logReaders: NO_READERS,
    served: { supergraphSdl: name } as Generation['served'],
    close: async () => {
      done.push(`closed ${name}`);
      if (name === 'stuck') throw new Error('it cannot be closed');
    },
  });
  const observer = { ...silentObserver(), log: (_level: string, event: string) => void done.push(event) };
  const config = {} as Config;
  const names: string[] = [];
  const under = new Reloading({
    config,
    first: generation('first'),
    servers: {
      replace: async ({ supergraphSdl: name }) => {
        done.push(`serves ${name}`);
        return replace(name);
      },
    },
    open: async () => {
      const name = names.shift() ?? '';
      if (name === 'broken') throw new Error('it cannot be opened');
      return generation(name);
    },
    observer,
  });
  return {
    done,
    reload: (name) => {
      names.push(name);
      return under.reload(async () => config);
    },
    close: () => under.close(),
  };
}

describe('reload', () => {
  it('closes what was served before when all that it took has left', async () => {
    const { done, reload, close } = reloading();
    await reload('second');
    await close();
    expect(done).to.deep.equal(['serves second', 'reloaded', 'closed first', 'closed second']);
  });

  it('closes what cannot be served, keeps what is, and goes on', async () => {
    const { done, reload, close } = reloading(async (name) => {
      if (name === 'unserved') throw new Error('no server takes it');
      return { left: Promise.resolve() };
    });
    await reload('broken');
    await reload('unserved');
    await reload('third');
    await close();
    expect(done).to.deep.equal([
      'reload_refused',
      'serves unserved',
      'closed unserved',
      'reload_refused',
      'serves third',
      'reloaded',
      'closed first',
      'closed third',
    ]);
  });

  it('goes on where what was served before cannot be closed', async () => {
    const { done, reload } = reloading();
    for (const name of ['stuck', 'third', 'fourth']) await reload(name);
    expect(done.filter((one) => one.startsWith('reload'))).to.deep.equal([
      'reloaded',
      'reloaded',
      'reload_before_not_ended',
      'reloaded',
    ]);
  });

  it('takes one after the other, in the order in which they were asked for', async () => {
    const { done, reload } = reloading();
    await Promise.all(['second', 'third'].map(reload));
    expect(done).to.deep.equal([
      'serves second',
      'reloaded',
      'closed first',
      'serves third',
      'reloaded',
      'closed second',
    ]);
  });
});
