/** Words that something beside the answer box puts into it: a returned answer, a suggested one, a template. */
import { useEffect } from 'react';

export type PutIn = {
  words: string;
  /** `replace`: these words and no others. */
  how: 'replace' | 'append';
  /** The entry of the knowledge base that they come from. */
  entryId?: string;
};
type Listener = (put: PutIn) => void;
const boxes = new Map<string, Listener>();
/** Put in while the box was away (an answer that was taken back): taken when it appears. */
const waiting = new Map<string, PutIn>();

export function putIntoAnswer(conversationId: string, put: PutIn): void {
  const box = boxes.get(conversationId);
  if (box) box(put);
  else waiting.set(conversationId, put);
}

export function useWordsPutIn(conversationId: string, take: Listener): void {
  useEffect(() => {
    boxes.set(conversationId, take);
    const put = waiting.get(conversationId);
    waiting.delete(conversationId);
    if (put) take(put);
    return () => {
      if (boxes.get(conversationId) === take) boxes.delete(conversationId);
    };
  }, [conversationId, take]);
}
