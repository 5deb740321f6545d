import { PlusOutlined } from '@ant-design/icons';
import { useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { createArticle } from '#shared/content.ts';
import { type Text, text } from '#shared/lang.ts';
import { call } from '../lib/call.ts';
import { useWords } from '../lib/language.ts';
import { useAction } from '../lib/query.ts';
import { useSayError } from './say-error.ts';

const texts = { write: text('写一篇', 'Write an article') } as const satisfies Record<string, Text>;

/** Begins an article and opens it; offered wherever writing is the next step. */
export function WriteButton() {
  const w = useWords(texts);
  const navigate = useNavigate();
  const sayError = useSayError();
  const create = useAction(() => call(createArticle, { body: {} }), {
    topics: ['articles'],
    onDone: ({ id }) => void navigate({ to: '/articles/$articleId', params: { articleId: id } }),
    onFailed: sayError,
  });
  return (
    <Button
      type="primary"
      icon={<PlusOutlined />}
      loading={create.isPending}
      onClick={() => create.mutate(undefined)}
      data-testid="write-article"
    >
      {w.write}
    </Button>
  );
}
