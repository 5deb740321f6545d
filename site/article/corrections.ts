import type { SitePage } from '#server/modules/publishing/index.ts';
import { timeElement } from '../dates.ts';
import { html } from '../html.ts';

/** 更正（2026年11月28日）：… above the text, wherever the text is read. */
export function renderCorrections(page: SitePage): string {
  return page.corrections
    .map(
      ({ text, publishedAt }) =>
        html`<p class="correction"><strong>更正（!${timeElement(publishedAt)}）：</strong>${text}</p>`,
    )
    .join('\n');
}
