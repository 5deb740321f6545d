import { type Text, text } from '#shared/lang.ts';
import { useWords } from '../../lib/language.ts';
import { ToButton } from '../../ui/to.tsx';

const texts = {
  inbox: text('留言', 'Inbox'),
  published: text('公开答复', 'Public answers'),
  knowledge: text('知识库', 'Knowledge base'),
  services: text('服务目录', 'Services'),
} as const satisfies Record<string, Text>;

/** What belongs to the inbox and is no case. @param fromList the list itself needs no way to itself */
export function InboxRooms({ fromList = false }: { fromList?: boolean }) {
  const w = useWords(texts);
  return (
    <>
      {fromList ? null : <ToButton to="/inbox">{w.inbox}</ToButton>}
      <ToButton to="/inbox/published" data-testid="room-published">
        {w.published}
      </ToButton>
      <ToButton to="/inbox/knowledge" data-testid="room-knowledge">
        {w.knowledge}
      </ToButton>
      <ToButton to="/inbox/services">{w.services}</ToButton>
    </>
  );
}
