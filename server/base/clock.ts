/**
 * Time of this process. Anything that decides whether a delivery is due asks the database's clock instead
 * (docs/decisions/0003); this one is for durations, display and tokens.
 */
import { AppError } from './app-error.ts';

/** The one zone of the product. Offsets are fixed: China has kept UTC+8 without summer time since 1992. */
export const zone = 'Asia/Shanghai';
const zoneOffsetMs = 8 * 3_600_000;

export function now(): Date {
  return new Date();
}

/** Milliseconds that never jump; for measuring, not for dates. */
export function monotonicMs(): number {
  return performance.now();
}

/** 'YYYY-MM-DD HH:mm' in Asia/Shanghai. */
export function wallTime(instant: Date): string {
  return new Date(instant.getTime() + zoneOffsetMs).toISOString().slice(0, 16).replace('T', ' ');
}

/** 'YYYY-MM-DD' in Asia/Shanghai. */
export function wallDate(instant: Date): string {
  return wallTime(instant).slice(0, 10);
}

/** The instant of a wall time 'YYYY-MM-DD HH:mm' in Asia/Shanghai. @throws {AppError} input-invalid */
export function fromWallTime(wall: string): Date {
  const instant = new Date(`${wall.replace(' ', 'T')}:00+08:00`);
  if (Number.isNaN(instant.getTime()) || wallTime(instant) !== wall) {
    throw new AppError('input-invalid', { problem: `${wall} 不是有效的时间 / not a valid time` });
  }
  return instant;
}
