/** Chinese first, English second, both complete. */
export const languages = ['zh', 'en'] as const;
export type Lang = (typeof languages)[number];
export type Text = Readonly<Record<Lang, string>>;
export const text = (zh: string, en: string): Text => ({ zh, en });
