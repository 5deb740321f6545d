import { templateNames } from '#shared/inbox-settings.ts';

export type TemplateValues = Record<keyof typeof templateNames, string>;

/**
 * Fills what is known; a name without a value stays as it is, and an answer with such a hole is not sent. Nobody is greeted by a
 * name that is not known: that place goes with the sign behind it.
 */
export function fillTemplate(template: string, values: TemplateValues): string {
  let filled = template;
  for (const [key, names] of Object.entries(templateNames)) {
    const value = values[key as keyof TemplateValues];
    if (value) filled = filled.replaceAll(`{${names}}`, value);
    else if (key === 'name')
      filled = filled.replaceAll(new RegExp(`\\{${names}\\}\\s*[，,：:、]?\\s*`, 'g'), '');
  }
  return filled;
}
