import dayjs from 'dayjs';
import 'dayjs/locale/zh-cn';
import { useMemo, useSyncExternalStore } from 'react';
import type { Lang, Text } from '#shared/lang.ts';

const storageKey = 'huisheng:language';
const listeners = new Set<() => void>();

let current: Lang = readLanguage();
applyLanguage();

function readLanguage(): Lang {
  try {
    return localStorage.getItem(storageKey) === 'en' ? 'en' : 'zh';
  } catch {
    return 'zh';
  }
}

function applyLanguage(): void {
  document.documentElement.lang = current === 'zh' ? 'zh-CN' : 'en';
  dayjs.locale(current === 'zh' ? 'zh-cn' : 'en');
}

export function setLanguage(lang: Lang): void {
  current = lang;
  try {
    localStorage.setItem(storageKey, lang);
  } catch {
    // A browser without storage still switches for this visit.
  }
  applyLanguage();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useLang(): Lang {
  return useSyncExternalStore(subscribe, () => current);
}

/** The texts of a screen in the chosen language, by the same keys. */
export function useWords<T extends Readonly<Record<string, Text>>>(texts: T): Record<keyof T, string> {
  const lang = useLang();
  return useMemo(
    () =>
      Object.fromEntries(Object.entries(texts).map(([key, value]) => [key, value[lang]])) as Record<
        keyof T,
        string
      >,
    [texts, lang],
  );
}

/** Puts values in place of `{name}`. */
export function fill(pattern: string, values: Record<string, string | number>): string {
  return pattern.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}
