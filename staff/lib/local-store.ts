/** localStorage that never throws: private windows, full disks and locked-down browsers are met in real offices. */
const prefix = 'huisheng:';

export function readLocal(key: string): unknown {
  try {
    const text = localStorage.getItem(prefix + key);
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

/** False when the browser would not keep it. */
export function writeLocal(key: string, value: unknown): boolean {
  try {
    localStorage.setItem(prefix + key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

export function removeLocal(key: string): void {
  try {
    localStorage.removeItem(prefix + key);
  } catch {
    // Nothing to remove where nothing can be stored.
  }
}

export function listLocal(start: string): string[] {
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(prefix + start))
      .map((key) => key.slice(prefix.length));
  } catch {
    return [];
  }
}
