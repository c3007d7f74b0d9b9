import {
  HOUSING_FAMILY,
  SECOND_HOUSING_FAMILY,
  SHOWCASE_FAMILY,
  SUPPORTED_FAMILY,
  type Family,
} from './country/people.js';

/** A command to copy, and what it shows. */
export interface ShowcaseCommand {
  readonly title: string;
  readonly command: string;
}

/** What a newcomer can try: an answer, a question that needs a consent, a refusal, bad data. */
export const SHOWCASE: readonly ShowcaseCommand[] = [
  {
    title: 'Answered: three generations under one roof, as the law lets the social service see them',
    command: ask('FamilyCard', 'social', SUPPORTED_FAMILY),
  },
  {
    title: 'Needs a consent: what the adults own stays closed until each of them agrees',
    command: ask('HousingQueue', 'housing', HOUSING_FAMILY),
  },
  {
    title: 'Refused: nothing ties this person to that case, so no register is called',
    command: ask('HousingQueue', 'housing', { ...SECOND_HOUSING_FAMILY, caseNumber: HOUSING_FAMILY.caseNumber }),
  },
  {
    title: 'Bad data: one record of this family is flagged, another withheld',
    command: ask('HousingQueue', 'housing', SHOWCASE_FAMILY),
  },
];

function ask(
  document: string,
  client: string,
  { applicant, caseNumber }: Pick<Family, 'applicant' | 'caseNumber'>,
): string {
  return `npx tereze ask ${document} --as ${client} --case ${caseNumber} --var iin=${applicant.iin}`;
}
