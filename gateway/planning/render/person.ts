import type { DescribedPerson } from './description.js';

/** Describes a person for a reader of the plan: never by name or number. */
export function personText(person: DescribedPerson): string {
  switch (person.by) {
    case 'argument':
      return `the person ${person.form === 'handle' ? 'behind the handle in' : 'in'} $${person.variable}`;
    case 'link':
      return `${person.role} found at ${person.at}`;
    case 'nobody':
      return 'nobody';
    case 'unsaid':
      return 'not said which person';
  }
}
