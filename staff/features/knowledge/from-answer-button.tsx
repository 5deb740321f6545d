import { useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { createKnowledgeFromAnswer } from '#shared/knowledge.ts';
import { type Text, text } from '#shared/lang.ts';
import { call } from '../../lib/call.ts';
import { useWords } from '../../lib/language.ts';
import { useAction } from '../../lib/query.ts';
import { useSayError } from '../../ui/say-error.ts';

const texts = { make: text('存入知识库', 'Add to the knowledge base') } as const satisfies Record<
  string,
  Text
>;

/** One click makes an entry of a public answer, or opens the one that was made of it. */
export function KnowledgeButton({ publicationId }: { publicationId: string }) {
  const w = useWords(texts);
  const navigate = useNavigate();
  const sayError = useSayError();
  const make = useAction(() => call(createKnowledgeFromAnswer, { params: { publicationId } }), {
    topics: ['cases'],
    onDone: ({ entryId }) => void navigate({ to: `/inbox/knowledge/${entryId}` as string }),
    onFailed: sayError,
  });
  return (
    <Button
      loading={make.isPending}
      onClick={() => make.mutate(undefined)}
      data-testid="publication-knowledge"
    >
      {w.make}
    </Button>
  );
}
