import { templateNames } from '#shared/inbox-settings.ts';

export type TemplateValues = Record<keyof typeof templateNames, string>;

/** Fills what is known; a name without a value stays as it is, so that nobody sends a hole unseen. */
export function fillTemplate(template: string, values: TemplateValues): string {
  let filled = template;
  for (const [key, names] of Object.entries(templateNames)) {
    const value = values[key as keyof TemplateValues];
    if (value) filled = filled.replaceAll(`{${names}}`, value);
  }
  return filled;
}
