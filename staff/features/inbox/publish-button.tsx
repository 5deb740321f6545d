import { useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { type Text, text } from '#shared/lang.ts';
import { draftPublication } from '#shared/publication.ts';
import { call } from '../../lib/call.ts';
import { useWords } from '../../lib/language.ts';
import { useAction } from '../../lib/query.ts';
import { useSayError } from '../../ui/say-error.ts';

const texts = { publish: text('公开这条答复', 'Publish this answer') } as const satisfies Record<
  string,
  Text
>;

/** One click makes the draft, with personal data masked; nothing is public before another person approves. */
export function PublishButton({ caseId }: { caseId: string }) {
  const w = useWords(texts);
  const navigate = useNavigate();
  const sayError = useSayError();
  const draft = useAction(() => call(draftPublication, { params: { caseId } }), {
    topics: ['cases'],
    onDone: ({ publicationId }) => void navigate({ to: `/inbox/published/${publicationId}` as string }),
    onFailed: sayError,
  });
  return (
    <Button loading={draft.isPending} onClick={() => draft.mutate(undefined)} data-testid="case-publish">
      {w.publish}
    </Button>
  );
}
