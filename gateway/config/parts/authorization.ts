import { z } from 'zod';

/** Part `authorization`: what happens when a question asks for more than is allowed. */
export const authorizationConfig = z.strictObject({
  on_denied: z
    .enum(['refuse', 'withhold'])
    .default('refuse')
    .describe(
      'What happens with a category that no rule allows: `refuse` the whole question before any call, or `withhold` its fields as null with an error.',
    ),
});
