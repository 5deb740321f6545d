import { pino } from 'pino';

/** One logger a process. Personal data and credentials never go in: only ids, states and codes. */
export const log = pino({
  name: 'huisheng',
  redact: {
    paths: [
      '*.password',
      '*.token',
      '*.secret',
      '*.authorization',
      '*.cookie',
      'req.headers.cookie',
      'req.headers.authorization',
    ],
    censor: '***',
  },
  timestamp: pino.stdTimeFunctions.isoTime,
});

export type Log = typeof log;
