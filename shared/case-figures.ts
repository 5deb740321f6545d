/** How much waits in the queue, and where. */
import { z } from 'zod';
import { route } from './route.ts';

const figures = { open: z.number().int(), overdue: z.number().int(), today: z.number().int() };

export const getCaseFigures = route({
  method: 'GET',
  path: '/api/case-figures',
  access: 'inbox.read',
  summary: 'How many cases are open, overdue and due today: in all and by section, the most pressed first.',
  reply: z.object({
    ...figures,
    /** `unitId` null: not given to a section yet. */
    sections: z.array(z.object({ unitId: z.uuid().nullable(), unitName: z.string().nullable(), ...figures })),
  }),
});
