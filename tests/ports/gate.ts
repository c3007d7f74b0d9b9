import { expect } from 'chai';
import type { Gate, GateAnswer, GateQuestion } from '../../schemas/ports/gate.js';
import { rejection } from '../rejection.js';

/** The gate of one request, with questions that it answers in as many ways as it can. */
export interface GateUnderTest {
  readonly gate: Gate;
  /** Several people, among them some twice; categories for reading, for disclosing and for both; one of which nothing is known. */
  readonly questions: readonly GateQuestion[];
  /** The same gate when everything that it asks fails; undefined for a gate that asks nothing. */
  readonly failing?: Gate;
}

interface Answered {
  readonly question: GateQuestion;
  readonly answer: GateAnswer;
}

/** What every `Gate` promises. `open` gives a fresh one, for another request. */
export function describeGate(name: string, open: () => GateUnderTest): void {
  describe(`${name} keeps the contract of Gate`, () => {
    const decideAll = async (): Promise<readonly Answered[]> => {
      const { gate, questions } = open();
      const answers = await gate.decide(questions);
      expect(answers).to.have.length(questions.length);
      return questions.map((question, index) => ({ question, answer: answers[index] ?? expect.fail('no answer') }));
    };

    it('answers nothing to no questions', async () => {
      expect(await open().gate.decide([])).to.deep.equal([]);
    });

    it('answers in the order of the questions, as it answers each alone', async () => {
      for (const { question, answer } of await decideAll()) {
        const [alone] = await open().gate.decide([question]);
        expect(outline(answer)).to.deep.equal(outline(alone));
      }
    });

    it('decides on data about no person by category, and grants nothing that it was not asked for', () => {
      const { gate, questions } = open();
      expect(gate.decideWithoutPerson([])).to.deep.equal({ granted: new Map(), withheld: new Map() });
      for (const { categories } of questions) {
        const { granted } = gate.decideWithoutPerson(categories);
        const asked = categories.map(({ category }) => category);
        expect([...granted.keys()].filter((category) => !asked.includes(category))).to.deep.equal([]);
        for (const grant of granted.values()) expect(grant).not.to.have.any.keys('nexus', 'claim');
      }
    });

    it('says the same of the same person again', async () => {
      const { gate, questions } = open();
      const first = await gate.decide(questions);
      const again = await gate.decide(questions);
      expect(again.map(outline)).to.deep.equal(first.map(outline));
    });

    it('names no category but those asked, each in one way at most', async () => {
      for (const { question, answer } of await decideAll()) {
        const asked = new Set(question.categories.map(({ category }) => category));
        const said = [...answer.granted.keys(), ...answer.withheld.keys(), ...(answer.absent ?? [])];
        expect(said.filter((category) => !asked.has(category))).to.deep.equal([]);
        expect(new Set(said).size).to.equal(said.length);
      }
    });

    it('grants for reading and disclosing only what it grants for each', async () => {
      for (const { question, answer } of await decideAll()) {
        for (const category of answer.granted.keys()) {
          for (const asked of question.categories.filter((one) => one.category === category)) {
            const [alone] = await open().gate.decide([{ ...question, categories: [asked] }]);
            expect(alone?.granted.has(category), `${category} for ${asked.access}`).to.equal(true);
          }
        }
      }
    });

    it('shows no dwelling but those asked, and says so of each question about dwellings', async () => {
      for (const { question, answer } of await decideAll()) {
        const asked = new Set(question.dwellings ?? []);
        expect([...(answer.visibleDwellings ?? [])].filter((code) => !asked.has(code))).to.deep.equal([]);
        expect(answer.visibleDwellings !== undefined).to.equal(question.dwellings !== undefined);
      }
    });

    it('grants nothing of a person with anything absent', async () => {
      for (const { answer } of await decideAll()) {
        if ((answer.absent?.size ?? 0) > 0) expect(answer.granted.size).to.equal(0);
      }
    });

    it('says what makes each grant lawful, and tells no identifier', async () => {
      for (const { question, answer } of await decideAll()) {
        for (const grant of answer.granted.values()) {
          expect(grant.policies).to.not.equal(undefined);
          expect(grant.basis === 'consent').to.equal(grant.claim !== undefined);
        }
        expect(JSON.stringify([...answer.granted.values(), ...answer.withheld.values()])).to.not.include(
          question.subject.id,
        );
      }
    });

    it('changes nothing of what it was asked', async () => {
      const { gate, questions } = open();
      const before = JSON.stringify(questions);
      await gate.decide(
        questions.map((question) =>
          Object.freeze({
            ...question,
            categories: Object.freeze([...question.categories]) as GateQuestion['categories'],
          }),
        ),
      );
      expect(JSON.stringify(questions)).to.equal(before);
    });

    const { failing, questions } = open();
    if (failing !== undefined) {
      it('rejects when it cannot know, and grants nothing', async () => {
        expect(await rejection(failing.decide(questions))).to.be.instanceOf(Error);
      });
    }
  });
}

function outline(answer: GateAnswer | undefined): unknown {
  if (answer === undefined) return undefined;
  const { granted, withheld, absent, visibleDwellings } = answer;
  const codes = [...withheld].map(([category, { code, consentRequest }]) => [
    category,
    code,
    consentRequest !== undefined,
  ]);
  return {
    granted: [...granted].sort(),
    withheld: codes.sort(),
    absent: [...(absent ?? [])].sort(),
    dwellings: [...(visibleDwellings ?? [])],
  };
}
