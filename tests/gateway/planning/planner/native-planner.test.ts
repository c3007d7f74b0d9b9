import { expect } from 'chai';
import { loadNativePlanner, PlannerUnavailable } from '../../../../gateway/planning/planner/native-planner.js';

describe('planning: native planner', () => {
  it('loads here', () => {
    expect(loadNativePlanner().QueryPlanner).to.be.a('function');
  });

  it('says what it needs where it does not load', () => {
    const load = (): never => {
      throw new Error('Cannot find native binding. npm has a bug related to optional dependencies');
    };
    expect(() => loadNativePlanner(load)).to.throw(
      PlannerUnavailable,
      `cannot be loaded on ${process.platform} ${process.arch}: it needs Linux with glibc 2.30`,
    );
  });
});
