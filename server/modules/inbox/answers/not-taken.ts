import type { AppError } from '#server/base/app-error.ts';

const notTaken = new Set<string>(['reply-window-closed', 'reply-too-long', 'state-conflict']);

/** The channel does not take these words any more: no reason to undo what was done beside them. */
export const isNotTaken = (error: AppError): boolean => notTaken.has(error.code);
