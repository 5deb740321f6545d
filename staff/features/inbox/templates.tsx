import { Select } from 'antd';
import { getCase } from '#shared/inbox.ts';
import { getInboxSettings } from '#shared/inbox-settings.ts';
import { type Text, text } from '#shared/lang.ts';
import { useLang, useWords } from '../../lib/language.ts';
import { useRead } from '../../lib/query.ts';
import { sayMoment } from '../../lib/time.ts';
import { putIntoAnswer } from './answer-words.ts';
import type { Conversation } from './conversation.ts';
import { fillTemplate } from './fill-template.ts';

const texts = {
  choose: text('插入常用答复', 'Insert a template'),
  none: text('常用答复：设置里还没有', 'No templates yet: see settings'),
} as const satisfies Record<string, Text>;

/** The bureau's own words for what is said often; names in braces are filled in from the case. */
export function Templates({ conversation, caseId }: { conversation: Conversation; caseId: string }) {
  const w = useWords(texts);
  const lang = useLang();
  const reading = useRead(getInboxSettings, ['cases'], {});
  const view = useRead(getCase, ['cases', 'working-days'], { params: { caseId } });
  const templates = reading.data?.settings.templates ?? [];
  if (!view.data || !reading.data) return null;
  const { number, unitName, dueAt } = view.data;
  const values = {
    name: conversation.contact?.name ?? conversation.personName ?? '',
    ...{ number, unit: unitName ?? '', due: dueAt ? sayMoment(dueAt, lang) : '' },
  };
  return (
    <Select
      className="answer-templates"
      value={null}
      placeholder={templates.length > 0 ? w.choose : w.none}
      disabled={templates.length === 0}
      aria-label={w.choose}
      options={templates.map(({ id, name }) => ({ value: id, label: name }))}
      onChange={(id: string | null) => {
        const found = templates.find((template) => template.id === id);
        if (found) putIntoAnswer(conversation.id, { words: fillTemplate(found.text, values), how: 'append' });
      }}
      data-testid="answer-templates"
    />
  );
}
