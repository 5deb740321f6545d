/** What one question from the site may hold. */
import { AppError } from '#server/base/app-error.ts';

export const askLimits = {
  text: 2_000,
  place: 100,
  name: 30,
  phone: 20,
  ratingNote: 500,
  pictures: 3,
  pictureBytes: 10_000_000,
};

/** In characters as people count them, so that one written with two code units is one. @throws {AppError} text-too-short, text-too-long */
export function demandLength(text: string): void {
  const count = Array.from(text.trim()).length;
  if (count < 2) throw new AppError('text-too-short');
  demandFit(text, askLimits.text);
}

/** @throws {AppError} text-too-long */
export function demandFit(text: string, limit: number): void {
  const count = Array.from(text.trim()).length;
  if (count > limit) throw new AppError('text-too-long', { count, limit, over: count - limit });
}
